use super::*;

#[tokio::test]
async fn a_field_without_its_box_is_left_out_in_both_forms() {
    let asked = Asked::of(holding(&["people/root/view"])).await;
    for person in asked.people(&["root.firstName", "work.startDate", "made.up"]).await {
        assert!(person.get("firstName").is_some() && person.get("/root/firstName").is_some());
        assert!(person.get("work").is_none() && person.get("/work/startDate").is_none(), "{person}");
    }
}

#[tokio::test]
async fn an_empty_field_is_nested_as_null_and_has_no_flat_key() {
    let asked = Asked::of(holding(&["people/about/view", "people/personalContact/view"])).await;
    let people = asked.people(&["home.privateEmail", "about.hobbies"]).await;
    let empty = people.iter().find(|person| person["home"]["privateEmail"].is_null()).unwrap();
    assert!(empty["home"].as_object().unwrap().contains_key("privateEmail"));
    assert!(empty.get("/home/privateEmail").is_none());
    let bored = people.iter().find(|person| person["about"]["hobbies"] == json!([])).unwrap();
    assert!(bored.get("/about/hobbies").is_none());
    let filled = people.iter().find(|person| person["home"]["privateEmail"].is_string()).unwrap();
    assert_eq!(filled["/home/privateEmail"]["value"], filled["home"]["privateEmail"]);
}

#[tokio::test]
async fn every_type_of_field_is_empty_for_somebody() {
    let asked = Asked::of(persona("everything")).await;
    let metadata = asked.get("/company/people/fields").await.json();
    let fields = metadata.as_array().unwrap();
    let ids: Vec<&str> = fields.iter().map(|field| field["id"].as_str().unwrap()).collect();
    let people = asked.people(&ids).await;
    let empty_for_somebody = |field: &Value| {
        let pointer = format!("/{}", field["jsonPath"].as_str().unwrap().replace('.', "/"));
        people
            .iter()
            .any(|person| matches!(person.pointer(&pointer), Some(v) if v.is_null() || *v == json!([])))
    };
    let kinds: BTreeSet<&str> = fields.iter().map(|field| field["type"].as_str().unwrap()).collect();
    let silent: Vec<&&str> = kinds
        .iter()
        .filter(|kind| !fields.iter().any(|field| field["type"] == **kind && empty_for_somebody(field)))
        .collect();
    // The only field of this type is the time of creation, which everybody has.
    assert_eq!(silent, [&"time"]);
}

#[tokio::test]
async fn what_everybody_has_is_empty_for_nobody() {
    let asked = Asked::of(persona("everything")).await;
    let guards = crate::simulator::guards::Guards::embedded().unwrap();
    let ids: Vec<&str> = guards.everybody_has.iter().map(String::as_str).collect();
    for person in asked.people(&ids).await {
        for id in &ids {
            let flat = format!("/{}", id.replace('.', "/"));
            assert!(person.get(&flat).is_some(), "{id} is empty for {}", person["internal"]);
        }
    }
}

#[tokio::test]
async fn nulls_are_kept_back_where_the_company_says_so() {
    let fields = ["home.privateEmail", "about.hobbies"];
    let boxes = ["people/about/view", "people/personalContact/view"];
    let has_null = |people: &[Value], path: &str| {
        people.iter().any(|person| matches!(person.pointer(path), Some(v) if v.is_null() || *v == json!([])))
    };
    let never = Asked::changed(holding(&boxes), |setup| setup.tenant.nulls = Nulls::Never).await;
    let never = never.people(&fields).await;
    assert!(!has_null(&never, "/home/privateEmail") && !has_null(&never, "/about/hobbies"));
    let text = BTreeSet::from(["text".to_owned()]);
    let some = Asked::changed(holding(&boxes), |setup| setup.tenant.nulls = Nulls::NeverForTypes(text)).await;
    let some = some.people(&fields).await;
    assert!(!has_null(&some, "/home/privateEmail") && has_null(&some, "/about/hobbies"));
}

#[tokio::test]
async fn a_withheld_field_looks_empty_where_the_switch_says_so() {
    let asked = Asked::changed(persona("ids-only"), |setup| setup.switches.withheld_leaves_null = true).await;
    let people = asked.people(&["work.startDate", "made.up"]).await;
    assert!(people.iter().all(|person| person["work"] == json!({"startDate": null})));
    assert!(people.iter().all(|person| person.get("made").is_none()));
}

#[tokio::test]
async fn sensitive_fields_need_edit_unless_permissions_go_by_field() {
    let fields = ["personal.birthDate", "personal.age", "personal.pronouns"];
    let seen = |people: &[Value]| people.iter().any(|person| person["personal"].get("birthDate").is_some());
    let view = Asked::of(holding(&["people/personal/view"])).await.people(&fields).await;
    assert!(view.iter().all(|person| person["personal"].get("pronouns").is_some()));
    assert!(!seen(&view));
    let edit = Asked::of(holding(&["people/personal/view", "people/personal/edit"])).await;
    assert!(seen(&edit.people(&fields).await));
    let by_field =
        Asked::changed(holding(&["people/personal/view"]), |setup| setup.tenant.field_level = true).await;
    assert!(seen(&by_field.people(&fields).await));
}

#[tokio::test]
async fn inactive_people_come_only_when_asked_for_and_in_the_audience() {
    let count = async |asked: &Asked, body: Value| {
        asked.post("/people/search", body).await.json()["employees"].as_array().unwrap().len()
    };
    let all = Asked::of(persona("everything")).await;
    let everybody = count(&all, json!({"showInactive": true})).await;
    let active = count(&all, json!({})).await;
    assert_eq!(everybody, 120);
    assert!(active < everybody);
    let active_only = Asked::of(persona("ids-only")).await;
    assert_eq!(count(&active_only, json!({"showInactive": true})).await, active);
}

#[tokio::test]
async fn a_service_user_in_no_group_sees_nobody() {
    assert!(Asked::of(persona("nothing")).await.people(&["root.id"]).await.is_empty());
    let forbidden = Asked::changed(persona("nothing"), |setup| {
        setup.switches.empty_audience_search = Lacking::Forbidden;
    });
    assert_eq!(forbidden.await.post("/people/search", json!({})).await.status, 403);
}

#[tokio::test]
async fn without_any_box_people_are_their_ids() {
    let asked = Asked::of(persona("ids-only")).await;
    let people = asked.people(&["root.id", "root.email", "work.site"]).await;
    assert!(!people.is_empty());
    assert!(people.iter().all(|person| person.as_object().unwrap().keys().eq(["id"])), "{}", people[0]);
    let strict =
        Asked::changed(persona("ids-only"), |setup| setup.switches.id_without_basic_info = false).await;
    assert!(strict.people(&["root.id"]).await.is_empty());
    let nameless = Asked::changed(persona("ids-only"), |setup| setup.switches.withholds_ids = true).await;
    let people = nameless.people(&["root.id"]).await;
    assert!(!people.is_empty() && people.iter().all(|person| person.as_object().unwrap().is_empty()));
}

#[tokio::test]
async fn a_search_without_fields_serves_the_default_categories() {
    let asked = Asked::of(persona("everything")).await;
    let reply = asked.post("/people/search", json!({})).await.json();
    let person = &reply["employees"][0];
    assert!(
        person.get("firstName").is_some() && person.get("about").is_some() && person.get("work").is_some()
    );
    assert!(person["payroll"]["employment"].get("fte").is_some());
    assert!(person["payroll"].get("salary").is_none() && person.get("home").is_none(), "{person}");
}

#[tokio::test]
async fn filters_that_are_not_supported_are_refused() {
    let asked = Asked::of(persona("everything")).await;
    let id = asked.anybody();
    let filter = |path: &str, operator: &str, values: Value| json!({"filters": [{"fieldPath": path, "operator": operator, "values": values}]});
    for bad in [
        json!({"filters": []}),
        json!({"filters": {}}),
        filter("work.site", "equals", json!(["London"])),
        filter("root.id", "contains", json!([id])),
        filter("root.id", "equals", json!([])),
        json!({"fields": vec!["root.id"; 401]}),
    ] {
        let reply = asked.post("/people/search", bad.clone()).await;
        assert_eq!(reply.status, 400, "{bad}");
        assert!(reply.json()["error"].is_string());
    }
    let found = asked.post("/people/search", filter("root.id", "equals", json!([id]))).await.json();
    assert_eq!(found["employees"].as_array().unwrap().len(), 1);
    assert_eq!(found["employees"][0]["id"], json!(id));
    let mail = found["employees"][0]["email"].clone();
    let found = asked.post("/people/search", filter("root.email", "equals", json!([mail]))).await.json();
    assert_eq!(found["employees"][0]["id"], json!(id));
}

#[tokio::test]
async fn people_readable_values_are_appended_without_the_empty_ones() {
    let asked = Asked::of(persona("everything")).await;
    let body = json!({"fields": ["work.isManager", "root.secondName"], "humanReadable": "APPEND"});
    let reply = asked.post("/people/search", body).await.json();
    let people = reply["employees"].as_array().unwrap();
    let unnamed = people.iter().find(|person| person["secondName"].is_null()).unwrap();
    assert!(unnamed["humanReadable"]["work"]["isManager"].is_string());
    assert!(unnamed["humanReadable"].get("secondName").is_none());
}

#[tokio::test]
async fn one_person_comes_bare_and_a_stranger_is_not_found() {
    let asked = Asked::of(persona("frontegg")).await;
    let reply = asked.post(&format!("/people/{}", asked.anybody()), json!({"fields": ["work.site"]})).await;
    assert!(reply.json()["work"]["site"].is_string());
    assert_eq!(asked.post("/people/1", json!({})).await.status, 404);
    let gone = asked.running.known_person("terminated").unwrap();
    assert_eq!(asked.post(&format!("/people/{gone}"), json!({})).await.status, 403);
    let other = Asked::changed(persona("frontegg"), |setup| setup.switches.outsider_person = 404).await;
    assert_eq!(other.post(&format!("/people/{gone}"), json!({})).await.status, 404);
}

#[tokio::test]
async fn a_moved_field_follows_its_category_and_a_renamed_category_keeps_its_id() {
    let asked = Asked::changed(holding(&["people/about/view"]), |setup| {
        setup.tenant.moved.insert("root.email".to_owned(), "about".to_owned());
        setup.tenant.renamed.insert("about".to_owned(), "Who I am".to_owned());
    })
    .await;
    let metadata = asked.get("/company/people/fields").await.json();
    let email =
        metadata.as_array().unwrap().iter().find(|field| field["id"] == "root.email").unwrap().clone();
    assert_eq!(email["categoryId"], "about");
    assert_eq!(email["categoryDisplayName"], "Who I am");
    let people = asked.people(&["root.email", "root.firstName"]).await;
    assert!(people.iter().all(|person| person.get("email").is_some() && person.get("firstName").is_none()));
}

#[tokio::test]
async fn a_box_counts_only_for_the_people_of_its_group() {
    let asked = Asked::of(persona("two-groups")).await;
    let people = asked.people(&["work.site", "payroll.taxCode"]).await;
    assert!(people.iter().any(|person| person["work"]["site"] != "London"));
    for person in people {
        // People on leave are in the first group alone, wherever they work.
        let told = person.get("payroll").is_some();
        assert!(!told || person["work"]["site"] == "London", "{person}");
    }
}

#[tokio::test]
async fn a_field_may_be_opened_or_withheld_by_itself() {
    let asked = Asked::of(persona("field-level")).await;
    let people =
        asked.people(&["work.title", "work.department", "payroll.salary.payPeriod", "payroll.taxCode"]).await;
    for person in people {
        assert!(person["work"].get("title").is_some() && person["work"].get("department").is_none());
        assert!(person["payroll"]["salary"].get("payPeriod").is_some());
        assert!(person["payroll"].get("taxCode").is_none());
    }
}

#[tokio::test]
async fn metadata_needs_no_box() {
    let asked = Asked::of(persona("nothing")).await;
    let fields = asked.get("/company/people/fields").await.json();
    assert_eq!(fields.as_array().unwrap().len(), 241);
    assert!(asked.get("/company/named-lists").await.json()["terminationreason"]["values"].is_array());
    assert_eq!(asked.get("/company/named-lists/terminationReason").await.status, 404);
    assert_eq!(
        asked.get("/people/custom-tables/metadata").await.json()["tables"].as_array().unwrap().len(),
        1
    );
    let wrapped = Asked::changed(persona("nothing"), |setup| setup.switches.metadata_wrapped = true).await;
    assert!(wrapped.get("/company/people/fields").await.json()["fields"].is_array());
}
