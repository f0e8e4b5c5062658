//! What can be known about a HiBob permission: rows of data, read once.
pub mod id;

use std::sync::LazyLock;

use id::PermissionId;

/// A stand-in with the interface that policies need.
pub struct Catalogue {
    ids: Vec<String>,
}

const CATEGORIES: &str = "root about work workContact employment lifecycle personal personalContact address \
    temporaryAddress home identification rightToWork payroll ukTaxSettings emergency userData eeo \
    peopleAnalytics jobsCatalog financial equity training social timeOff attendancePolicies";
const WITH_HISTORY: &str = "work employment lifecycle payroll address personal peopleAnalytics root home";
const OTHERS: &str = "people/email/edit people/profile-changes/view docs/shared/view docs/confidential/view \
    docs/shared/upload docs/confidential/upload docs/shared/delete docs/confidential/delete \
    time-off/whos-out/view time-off/whos-out/view-private time-off/requests/manage time-off/requests/approve \
    time-off/balance/view time-off/balance/adjust attendance/sheets/manage tasks/people/complete \
    goals/people/view goals/people/edit population/hired population/employed population/terminated \
    population/garden-leave population/leave population/parental-leave features/people/directory/view \
    features/people/employees/add features/people/employees/delete features/people/org-chart/view \
    features/people/org-chart/export features/lists/edit features/time-off/settings/view \
    features/time-off/settings/manage features/calendar/manage features/reports/view \
    features/reports/formulas/view features/onboarding/welcome-flow/customize features/projects/manage \
    features/job-openings/manage features/job-catalog/profiles/view features/job-catalog/library/view \
    features/workforce-planning/positions/manage features/workforce-planning/openings/edit \
    features/workforce-planning/budget/manage features/goals/view features/goals/edit \
    features/learning/course-providers/manage features/integrations/automation/manage \
    features/api-access/rest-token/manage features/advanced-analytics/access features/docs/access \
    features/tasks/access features/clubs/view";

static EMBEDDED: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut ids: Vec<String> = OTHERS.split_whitespace().map(str::to_owned).collect();
    for category in CATEGORIES.split_whitespace() {
        ids.push(format!("people/{category}/view"));
        ids.push(format!("people/{category}/edit"));
    }
    for category in WITH_HISTORY.split_whitespace() {
        ids.push(format!("people/{category}/history"));
    }
    ids.sort();
    Catalogue { ids }
});

impl Catalogue {
    /// The catalogue inside the binary.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Whether such a box exists: listed, or by grammar.
    pub fn knows(&self, id: &PermissionId) -> bool {
        if self.ids.iter().any(|known| known == id.as_str()) {
            return true;
        }
        if let Some((category, _)) = id.as_category() {
            return category.strip_prefix("category_").is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            });
        }
        if id.as_field().is_some() {
            return true;
        }
        let folder = id.section().strip_prefix("docs/");
        folder.is_some_and(|folder| !folder.contains('/'))
            && matches!(id.action(), "view" | "upload" | "delete")
    }

    /// The id that stands for this one today.
    pub fn canonical(&self, id: &PermissionId) -> PermissionId {
        id.clone()
    }

    /// All listed ids, sorted.
    pub fn permission_ids(&self) -> Vec<&str> {
        self.ids.iter().map(String::as_str).collect()
    }

    /// Every section that holds a listed box.
    pub fn sections(&self) -> Vec<String> {
        let mut sections: Vec<String> = self
            .ids
            .iter()
            .filter_map(|id| id.rsplit_once('/').map(|(section, _)| section.to_owned()))
            .collect();
        sections.sort();
        sections.dedup();
        sections
    }

    /// HiBob's label for a box.
    pub fn label(&self, id: &PermissionId) -> String {
        format!("[{id}]")
    }

    /// Whether this is the id of a built-in category.
    pub fn is_category(&self, name: &str) -> bool {
        CATEGORIES.split_whitespace().any(|category| category == name)
    }
}
