//! What a policy asks for and nobody can name yet: what is held and no line names may be that.

use crate::access::Access;
use crate::catalogue::id::PermissionId;
use crate::catalogue::reads::{self, ReadKind};
use crate::gaps::{Gap, Gaps, fits_by_name};
use crate::policy::pattern::Pattern;
use crate::policy::{List, Need, Policy, Target};
use crate::report::Role;

/// The parts of a policy's list that are not known for this customer.
pub(super) struct NotNamed<'a> {
    pub(super) policy: &'a Policy,
    parts: Vec<Part<'a>>,
}

/// One of them.
struct Part<'a> {
    /// Among which boxes it is; empty: any.
    among: &'a [Pattern],
    /// What is none of it although it fits.
    except: &'a [Pattern],
    /// Whether it is what is read, so that boxes that read open it.
    read: bool,
    /// Whether the customer chooses it, and not the integrator.
    by_customer: bool,
}

impl<'a> NotNamed<'a> {
    pub(super) fn of(gaps: &Gaps<'a>) -> Self {
        let part = |gap: &Gap<'a>| match gap.requirement.map(|requirement| &requirement.target) {
            Some(target @ Target::ListNotKnown { among, except, read, .. })
                if matches!(gap.need, Need::Required | Need::Optional) =>
            {
                Some(Part { among, except, read: *read, by_customer: target.is_for_the_admin_to_say() })
            }
            _ => None,
        };
        let whole = (gaps.policy.list == List::Unknown).then_some(Part {
            among: &[],
            except: &[],
            read: false,
            by_customer: false,
        });
        Self {
            policy: gaps.policy,
            parts: whole.into_iter().chain(gaps.items.iter().filter_map(part)).collect(),
        }
    }

    /// Who knows of each part that a box may be, whether it is.
    pub(super) fn who_knows(&self, id: &PermissionId, access: &Access) -> impl Iterator<Item = Role> {
        let may_be = |part: &&Part| {
            (!part.read || opens_what_is_read(id))
                && (part.among.is_empty() || part.among.iter().any(|it| fits(it, id, access)))
                && !part.except.iter().any(|it| fits_by_name(it, id, access))
        };
        let role = |part: &Part| if part.by_customer { Role::HibobAdmin } else { Role::Integrator };
        self.parts.iter().filter(may_be).map(role)
    }
}

/// Whether a box fits a pattern. A field is opened by its section's box where it has none of its own, so that
/// a pattern of either takes both.
fn fits(pattern: &Pattern, id: &PermissionId, access: &Access) -> bool {
    let section = id
        .as_field()
        .and_then(|(field, action)| Some(PermissionId::category(access.category_of(field)?, action)));
    let is_one_of_its_fields = || {
        id.as_category().is_some_and(|(category, action)| {
            let mut fields = access.fields().filter(|field| access.category_of(field) == Some(category));
            fields.any(|field| pattern.fits(&PermissionId::field(field, action)))
        })
    };
    pattern.fits(id) || section.is_some_and(|section| pattern.fits(&section)) || is_one_of_its_fields()
}

/// Whether something that can be read may be what a box opens.
fn opens_what_is_read(id: &PermissionId) -> bool {
    let mut reads = reads::all(ReadKind::Table).chain(reads::all(ReadKind::Resource));
    !id.is_write() || reads.any(|read| read.now.contains(id) || read.past.contains(id))
}
