use super::*;

const IMPOSSIBLE: &str = "__impossible__";

#[tokio::test]
async fn an_impossible_value_is_refused_only_where_it_could_be_written() {
    let body = json!({"personal": {"pronouns": IMPOSSIBLE}});
    let editor = Asked::of(holding(&["people/personal/view", "people/personal/edit"])).await;
    let path = format!("/people/{}", editor.anybody());
    let reply = editor.put(&path, body.clone()).await;
    assert_eq!(reply.status, 400);
    assert!(reply.json()["error"].as_str().unwrap().contains(IMPOSSIBLE));
    assert_eq!(editor.put(&path, json!({"personal": {"birthDate": "soon"}})).await.status, 400);
    let reader = Asked::of(holding(&["people/personal/view"])).await;
    assert_eq!(reader.put(&path, body.clone()).await.status, 304);
    for (switch, status) in [(UneditableField::Forbidden, 403), (UneditableField::ValidatedThenDropped, 400)]
    {
        let persona = holding(&["people/personal/view"]);
        let asked = Asked::changed(persona, |setup| setup.switches.uneditable_field = switch).await;
        assert_eq!(asked.put(&path, body.clone()).await.status, status, "{switch:?}");
    }
}

#[tokio::test]
async fn a_value_that_is_written_is_read_back_and_stands_in_the_log() {
    let asked = Asked::of(persona("everything")).await;
    let id = asked.anybody();
    let body = json!({"about": {"about": "MARK-new"}, "address": {"country": IMPOSSIBLE}, "made": {"up": 1}});
    assert_eq!(asked.put(&format!("/people/{id}"), body.clone()).await.status, 200);
    assert_eq!(asked.put(&format!("/people/{id}"), body.clone()).await.status, 304);
    let told = asked.post(&format!("/people/{id}"), json!({"fields": ["about.about"]})).await.json();
    assert_eq!(told["about"]["about"], "MARK-new");
    let puts: Vec<_> = asked.running.log().into_iter().filter(|logged| logged.method == "PUT").collect();
    assert_eq!(puts.len(), 2);
    assert_eq!((puts[0].status, puts[0].path.as_str()), (200, format!("/v1/people/{id}").as_str()));
    assert_eq!(serde_json::from_str::<Value>(&puts[0].body).unwrap(), body);
}

#[tokio::test]
async fn an_entry_that_does_not_exist_cannot_be_deleted_but_the_right_is_asked_first() {
    let reader = Asked::of(holding(&["people/work/view"])).await;
    let path = format!("/people/{}/work/1", reader.anybody());
    assert_eq!(reader.delete(&path).await.status, 403);
    let editor = Asked::of(holding(&["people/work/view", "people/work/edit"])).await;
    let reply = editor.delete(&path).await;
    assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("Entry not found")));
    let other = Asked::changed(holding(&["people/work/view"]), |setup| {
        setup.switches.entry_before_permission = true;
    });
    assert_eq!(other.await.delete(&path).await.status, 400);
}

#[tokio::test]
async fn an_entry_that_is_deleted_is_gone() {
    let asked = Asked::of(persona("everything")).await;
    let path = format!("/people/{}/work", asked.anybody());
    let before = asked.get(&path).await.json()["values"].as_array().unwrap().clone();
    assert_eq!(asked.delete(&format!("{path}/{}", before[0]["id"])).await.status, 200);
    assert_eq!(asked.get(&path).await.json()["values"].as_array().unwrap().len(), before.len() - 1);
}

#[tokio::test]
async fn a_budget_write_without_its_box_is_a_401_with_a_message() {
    let asked = Asked::of(persona("nothing")).await;
    let reply = asked.post("/workforce-planning/positions/1/position-budget", json!({})).await;
    assert_eq!(reply.status, 401);
    assert!(reply.text.contains("No permissions"));
}
