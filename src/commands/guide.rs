//! Writes the set-up guide of a policy.

use crate::catalogue::Catalogue;
use crate::catalogue::id::nearest;
use crate::catalogue::screens::{self, Screens};
use crate::cli::{GuideArgs, ModelWord};
use crate::error::Error;
use crate::exit;
use crate::guide::{Guide, html, markdown, text};
use crate::policy::{Model, Policy, Ui};
use crate::source::clean::clean;

use super::form::{self, Form};
use super::input::{self, Wanted};
use super::output;

const FORMS: [(&str, Form); 3] = [("text", Form::Text), ("markdown", Form::Markdown), ("html", Form::Html)];

pub(super) fn run(args: &GuideArgs) -> Result<u8, Error> {
    let forms = form::read_all(&args.output, &FORMS, Form::Text)?;
    let catalogue = Catalogue::embedded();
    let names = [args.policy.clone()];
    let Wanted { policies, group, model: vouched } = input::wanted(&names, &args.customer, catalogue)?;
    let Some(policy) = policies.first() else {
        return Err(Error::Internal("the policy is gone".to_owned()));
    };
    let group = args.group.as_deref().or(group.as_deref());
    let model = args.permission_model.map(|word| match word {
        ModelWord::Category => Model::Category,
        ModelWord::Field => Model::Field,
    });
    let model = model.or(vouched);
    let guide = Guide::of(policy, catalogue, screens_of(args.ui.as_deref(), policy, model)?, group, model);
    for (form, file) in forms {
        let written = match form {
            Form::Markdown => markdown::write(&guide),
            Form::Html => html::write(&guide),
            _ => text::write(&guide, output::width(), output::ascii_only()),
        };
        form::deliver(&written, file.as_deref())?;
    }
    Ok(exit::SATISFIED)
}

/// The screens that were asked for, those of the policy's own guide, or the newest; but those on which rights are
/// given as somebody vouches for it.
fn screens_of(word: Option<&str>, policy: &Policy, model: Option<Model>) -> Result<&'static Screens, Error> {
    let Some(word) = word else {
        let fits = |ui: &Ui| model.is_none_or(|model| ui.model() == model);
        let own = policy.guide.ui.filter(fits).and_then(|ui| screens::find(ui.as_str()));
        return Ok(own.unwrap_or_else(|| screens::newest(model != Some(Model::Category))));
    };
    screens::find(word).ok_or_else(|| {
        let known = || screens::all().iter().map(|screens| screens.id.as_str());
        let hint = nearest(word, known()).map_or_else(
            || format!("one of: {}", known().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Error::UnknownWord { flag: "--ui", word: clean(word), hint }
    })
}
