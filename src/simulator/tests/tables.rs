use super::*;

fn rows(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let body = reply.json();
    body["results"].as_array().unwrap().iter().flat_map(|r| r["values"].as_array().unwrap().clone()).collect()
}

fn old(rows: &[Value]) -> usize {
    rows.iter().filter(|row| row["isCurrent"] == json!(false)).count()
}

#[tokio::test]
async fn a_history_shows_the_row_in_force_under_view_and_all_rows_under_history() {
    for (table, category) in [
        ("work", "work"),
        ("employment", "employment"),
        ("lifecycle", "lifecycle"),
        ("salaries", "payroll"),
        ("address", "address"),
    ] {
        let path = format!("/bulk/people/{table}?limit=200");
        let (view, history) = (format!("people/{category}/view"), format!("people/{category}/history"));
        assert_eq!(Asked::of(holding(&[])).await.get(&path).await.status, 403, "{table}");
        let current = rows(&Asked::of(holding(&[&view])).await.get(&path).await);
        assert!(!current.is_empty() && old(&current) == 0, "{table}");
        let all = rows(&Asked::of(holding(&[&view, &history])).await.get(&path).await);
        assert!(old(&all) > 0 && all.len() - old(&all) == current.len(), "{table}");
        let alone = rows(&Asked::of(holding(&[&history])).await.get(&path).await);
        assert_eq!(alone, all, "{table}");
    }
}

#[tokio::test]
async fn what_one_of_the_two_boxes_opens_is_a_switch() {
    let closed = |persona| async move {
        let asked = Asked::changed(persona, |setup| {
            setup.switches.history_alone_opens_table = false;
            setup.switches.view_alone_opens_table = false;
        });
        asked.await.get("/bulk/people/work").await.status
    };
    assert_eq!(closed(holding(&["people/work/history"])).await, 403);
    assert_eq!(closed(holding(&["people/work/view"])).await, 403);
    assert_eq!(closed(holding(&["people/work/view", "people/work/history"])).await, 200);
}

#[tokio::test]
async fn a_table_that_is_no_history_shows_all_its_rows_under_view() {
    for (table, category) in [("variable", "payroll"), ("equities", "equity"), ("dependents", "home")] {
        let path = format!("/bulk/people/{table}");
        assert_eq!(Asked::of(holding(&[])).await.get(&path).await.status, 403, "{table}");
        let asked = Asked::of(holding(&[&format!("people/{category}/view")])).await;
        assert!(!rows(&asked.get(&path).await).is_empty(), "{table}");
    }
}

#[tokio::test]
async fn current_rows_agree_with_the_fields_and_begin_on_different_days() {
    let asked = Asked::of(persona("everything")).await;
    let fields = ["work.title", "work.activeEffectiveDate", "work.startDate"];
    let people = asked.people(&fields).await;
    let bulk = asked.get("/bulk/people/work?limit=200").await.json();
    let mut later = BTreeSet::new();
    for result in bulk["results"].as_array().unwrap() {
        let current =
            result["values"].as_array().unwrap().iter().find(|row| row["isCurrent"] == json!(true)).unwrap();
        let person = people.iter().find(|person| person["id"] == result["employeeId"]).unwrap();
        assert_eq!(person["work"]["title"], current["title"]);
        if current["effectiveDate"] != person["work"]["startDate"] {
            later.insert(current["effectiveDate"].to_string());
        }
    }
    assert!(later.len() > 20, "{later:?}");
}

#[tokio::test]
async fn a_young_company_has_no_past_and_an_imported_one_begins_on_one_day() {
    let current = |histories| async move {
        let asked = Asked::changed(persona("everything"), |setup| setup.tenant.histories = histories).await;
        let rows = rows(&asked.get("/bulk/people/work?limit=200").await);
        assert_eq!(old(&rows), 0);
        let people = asked.people(&["work.startDate", "work.activeEffectiveDate"]).await;
        let later = people.iter().filter(|p| p["work"]["startDate"] != p["work"]["activeEffectiveDate"]);
        later.map(|p| p["work"]["activeEffectiveDate"].to_string()).collect::<BTreeSet<_>>().len()
    };
    assert_eq!(current(Histories::Young).await, 0);
    assert_eq!(current(Histories::Imported).await, 1);
}

#[tokio::test]
async fn bulk_pages_by_cursor_and_never_serves_more_than_the_limit() {
    let asked = Asked::of(persona("everything")).await;
    let (mut seen, mut path, mut pages) = (BTreeSet::new(), "/bulk/people/work".to_owned(), 0);
    loop {
        let body = asked.get(&path).await.json();
        let results = body["results"].as_array().unwrap();
        assert!(results.len() <= 50);
        seen.extend(results.iter().map(|result| result["employeeId"].to_string()));
        pages += 1;
        match body["response_metadata"]["next_cursor"].as_str() {
            Some(cursor) => path = format!("/bulk/people/work?cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (120, 3));
    for bad in ["limit=201", "limit=0", "limit=x", "cursor=x"] {
        assert_eq!(asked.get(&format!("/bulk/people/work?{bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn bulk_names_the_people_who_are_out_of_reach() {
    let asked = Asked::of(persona("frontegg")).await;
    let (inside, outside) = (asked.anybody(), asked.running.known_person("terminated").unwrap());
    let body = asked.get(&format!("/bulk/people/work?employeeIds={inside},{outside}")).await.json();
    assert_eq!(body["results"].as_array().unwrap().len(), 1);
    assert_eq!(body["results"][0]["employeeId"], json!(inside));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0][&outside]["error"], "MISSING_PERMISSION");
    assert_eq!(asked.get("/bulk/people/work").await.json()["errors"], json!({}));
    let array =
        Asked::changed(persona("frontegg"), |setup| setup.switches.bulk_errors_empty = NoErrors::Array);
    assert_eq!(array.await.get("/bulk/people/work").await.json()["errors"], json!([]));
}

#[tokio::test]
async fn one_persons_table_is_refused_outside_the_audience() {
    let asked = Asked::of(persona("frontegg")).await;
    let path = |status: &str| format!("/people/{}/work", asked.running.known_person(status).unwrap());
    let reply = asked.get(&path("employed")).await;
    assert_eq!(reply.json()["values"].as_array().unwrap().len(), 1);
    assert_eq!(reply.header("x-has-restricted-columns"), None);
    assert_eq!(asked.get(&path("terminated")).await.status, 403);
    assert_eq!(asked.get("/people/1/work").await.status, 404);
}

#[tokio::test]
async fn withheld_columns_are_null_and_named() {
    let asked = Asked::of(persona("field-level")).await;
    let reply = asked.get(&format!("/people/{}/work", asked.anybody())).await;
    assert_eq!(reply.header("x-has-restricted-columns"), Some("true"));
    let body = reply.json();
    assert_eq!(body["restricted_columns"]["no_view_permission"], json!(["department", "reportsTo"]));
    assert!(body["values"].as_array().unwrap().iter().all(|row| row["department"].is_null()));
    assert!(body["values"].as_array().unwrap().iter().all(|row| row["site"].is_string()));
    // Pay period and frequency were granted field by field, the amount was not, and no history was.
    let salaries = asked.get("/bulk/people/salaries?limit=200").await;
    let body = salaries.json();
    assert_eq!(body["restricted_columns"]["no_view_permission"], json!(["base"]));
    assert_eq!(
        body["restricted_columns"]["no_view_history_permission"],
        json!(["base", "payFrequency", "payPeriod"])
    );
    let rows = rows(&salaries);
    assert!(rows.iter().all(|row| row["base"].is_null() && row["payPeriod"].is_string()) && old(&rows) == 0);
}

#[tokio::test]
async fn a_table_of_which_all_is_withheld_is_refused_or_null() {
    let by_field = |all_denied| {
        Asked::changed(holding(&["people/root/view"]), move |setup| {
            setup.tenant.field_level = true;
            setup.switches.flp_all_denied = all_denied;
        })
    };
    assert_eq!(by_field(AllDenied::Forbidden).await.get("/bulk/people/work").await.status, 403);
    let rows = rows(&by_field(AllDenied::AllNull).await.get("/bulk/people/work").await);
    assert!(!rows.is_empty() && rows.iter().all(|row| row["site"].is_null()));
}

#[tokio::test]
async fn a_content_type_on_a_get_spoils_some_tables() {
    let asked = Asked::of(persona("everything")).await;
    let id = asked.anybody();
    let table = &TenantSpec::default().tables[0].id;
    for path in [format!("/people/{id}/bank-accounts"), format!("/people/custom-tables/{id}/{table}")] {
        assert!(asked.get(&path).await.json()["values"].is_array());
        let typed = asked.request(Method::GET, &path).header("content-type", "application/json");
        let reply = Asked::send(typed).await;
        assert!(reply.status == 400 && reply.is_page(), "{path}");
    }
    let less = persona("everything").without(&PermissionId::parse("people/financial/view").unwrap());
    assert_eq!(Asked::of(less).await.get(&format!("/people/{id}/bank-accounts")).await.status, 403);
}

#[tokio::test]
async fn a_custom_table_is_opened_by_its_category() {
    let table = &TenantSpec::default().tables[0];
    let refused = Asked::of(holding(&[])).await;
    let path = format!("/people/custom-tables/{}/{}", refused.anybody(), table.id);
    assert_eq!(refused.get(&path).await.status, 403);
    let opened = Asked::of(holding(&[&format!("people/{}/view", table.category)])).await;
    assert_eq!(opened.get(&path).await.status, 200);
}

#[tokio::test]
async fn bulk_errors_come_in_each_shape_that_was_described() {
    let outside = Asked::of(persona("frontegg")).await.running.known_person("terminated").unwrap();
    let errors = async |shape| {
        let asked = Asked::changed(persona("frontegg"), |setup| {
            setup.switches.bulk_errors = shape;
            setup.switches.bulk_cursor_as_documented = true;
        });
        let body = asked.await.get(&format!("/bulk/people/work?employeeIds={outside}")).await.json();
        assert_eq!(body["response_metadata"], json!({"cursor": null}));
        body["errors"].clone()
    };
    assert_eq!(errors(BulkErrors::Object).await[&outside]["error"], "MISSING_PERMISSION");
    let literal = errors(BulkErrors::LiteralKey).await;
    assert!(literal[0]["employeeId"]["message"].as_str().unwrap().contains(&outside), "{literal}");
}
