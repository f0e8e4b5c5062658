use super::*;

#[tokio::test]
async fn wrong_credentials_get_an_empty_401_that_still_counts() {
    let asked = Asked::of(persona("everything")).await;
    let url = format!("{}/company/people/fields", asked.running.base_url());
    for request in [
        asked.client.get(&url),
        asked.client.get(&url).basic_auth("SERVICE-1", Some("x")),
        asked.client.get(&url).bearer_auth("x"),
    ] {
        let reply = Asked::send(request).await;
        assert_eq!((reply.status, reply.text.as_str()), (401, ""));
        assert_eq!(reply.header("content-type"), None);
        assert_eq!(reply.header("x-ratelimit-limit"), Some("50"));
    }
    let rotated = asked.client.get(&url).basic_auth(asked.running.service_user(), Some("old"));
    let reply = Asked::send(rotated).await;
    assert!(reply.status == 401 && reply.text.contains("tokenNotMatch"));
    assert!(asked.running.log().iter().all(|logged| !logged.authorized));
}

#[tokio::test]
async fn every_answer_tells_what_is_left_and_too_many_calls_get_429() {
    let asked = Asked::changed(persona("everything"), |setup| setup.switches.rate_limit = Some(2)).await;
    let path = "/company/people/fields";
    let first = asked.get(path).await;
    assert_eq!(first.header("x-ratelimit-remaining"), Some("1"));
    let reset: i64 = first.header("x-ratelimit-reset").unwrap().parse().unwrap();
    let wait = reset - jiff::Timestamp::now().as_second();
    assert!((1..=62).contains(&wait), "{wait}");
    assert_eq!(asked.get(path).await.status, 200);
    let third = asked.get(path).await;
    assert_eq!((third.status, third.header("x-ratelimit-remaining")), (429, Some("0")));
    assert!(third.header("retry-after").is_some());
    // Each endpoint has a limit of its own.
    assert_eq!(asked.get("/tasks").await.status, 200);
}

#[tokio::test]
async fn a_window_that_is_over_admits_again() {
    let asked = Asked::changed(persona("everything"), |setup| {
        setup.switches.rate_limit = Some(1);
        setup.switches.rate_window_ms = 100;
    })
    .await;
    assert_eq!(asked.get("/tasks").await.status, 200);
    assert_eq!(asked.get("/tasks").await.status, 429);
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    assert_eq!(asked.get("/tasks").await.status, 200);
}

#[tokio::test]
async fn the_firewall_blocks_whoever_collects_refusals_and_lets_go_again() {
    let asked = Asked::changed(persona("nothing"), |setup| {
        setup.switches.firewall_refusals = 5;
        setup.switches.firewall_status = 418;
        setup.switches.firewall_block_ms = 300;
    })
    .await;
    for _ in 0..5 {
        assert_eq!(asked.get("/company/people/fields").await.status, 200);
        assert_eq!(asked.get("/tasks").await.status, 403);
    }
    assert_eq!(asked.get("/company/people/fields").await.status, 418);
    tokio::time::sleep(std::time::Duration::from_millis(350)).await;
    assert_eq!(asked.get("/company/people/fields").await.status, 200);
}

#[tokio::test]
async fn fifty_refusals_block_by_default() {
    let asked = Asked::of(persona("nothing")).await;
    let paths = ["/tasks", "/onboarding/wizards", "/timeoff/policy-types"];
    for at in 0..50 {
        assert_eq!(asked.get(paths[at % 3]).await.status, 403);
        if at == 48 {
            assert_eq!(asked.get("/company/people/fields").await.status, 200);
        }
    }
    assert_eq!(asked.get("/company/people/fields").await.status, 403);
}

#[tokio::test]
async fn an_unknown_path_is_a_page() {
    let asked = Asked::of(persona("everything")).await;
    let id = asked.anybody();
    for path in [format!("/people/{id}/variables"), "/nonsense".to_owned(), format!("/people/{id}")] {
        let reply = asked.get(&path).await;
        assert!(reply.status == 200 && reply.is_page(), "{path}");
    }
    let posted = asked.post("/nonsense", json!({})).await;
    assert!(posted.status == 404 && posted.is_page());
    let bulk = asked.get("/bulk/people/entitlements").await;
    assert_eq!((bulk.status, bulk.header("content-type")), (404, None));
    assert_eq!(asked.get("/bulk/people/entitlement").await.status, 200);
}

#[tokio::test]
async fn a_foreign_address_is_turned_away_from_everything() {
    let asked = Asked::changed(persona("everything"), |setup| setup.switches.blocked_ip = true).await;
    let reply = asked.get("/company/people/fields").await;
    assert!(reply.status == 403 && reply.is_page());
}

#[tokio::test]
async fn a_refusal_looks_as_the_switch_says() {
    for (body, kind) in [
        (RefusalBody::Json, Some("application/json")),
        (RefusalBody::Empty, None),
        (RefusalBody::Html, Some("text/html; charset=utf-8")),
    ] {
        let asked = Asked::changed(persona("nothing"), |setup| setup.switches.refusal_body = body).await;
        let reply = asked.get("/tasks").await;
        assert_eq!((reply.status, reply.header("content-type")), (403, kind));
    }
}

/// For each box that guards a call by itself: refused without it, and answered with everything.
#[tokio::test]
async fn each_guarded_read_opens_with_its_box_and_closes_without() {
    let full = Asked::of(persona("everything")).await;
    let id = full.anybody();
    let search =
        json!({"fields": ["/x/id"], "filters": [{"fieldId": "/calendarEvent/startDate", "values": []}]});
    let someone = json!({"filters": [{"fieldPath": "/attendanceEntry/employeeId", "values": [id]}]});
    let cases = [
        ("tasks/people/complete", Method::GET, "/tasks".to_owned(), json!(null)),
        ("features/time-off/settings/manage", Method::GET, "/timeoff/policy-types".to_owned(), json!(null)),
        ("time-off/whos-out/view", Method::GET, "/timeoff/outtoday".to_owned(), json!(null)),
        (
            "time-off/balance/view",
            Method::GET,
            format!("/timeoff/employees/{id}/balance?policyType=Holiday&date=2026-11-01"),
            json!(null),
        ),
        (
            "features/calendar/manage",
            Method::POST,
            "/timeoff/calendars/events/search".to_owned(),
            search.clone(),
        ),
        ("attendance/sheets/manage", Method::POST, "/attendance/entries/search".to_owned(), someone.clone()),
        ("features/projects/manage", Method::GET, "/attendance/projects/metadata".to_owned(), json!(null)),
        ("people/payroll/view", Method::POST, "/people/actual-payments/search".to_owned(), someone),
        ("features/reports/view", Method::GET, "/company/reports".to_owned(), json!(null)),
        (
            "features/onboarding/welcome-flow/customize",
            Method::GET,
            "/onboarding/wizards".to_owned(),
            json!(null),
        ),
        (
            "features/job-openings/manage",
            Method::POST,
            "/hiring/job-openings/search".to_owned(),
            search.clone(),
        ),
        ("features/job-catalog/library/view", Method::GET, "/job-catalog/job-roles".to_owned(), json!(null)),
        (
            "features/job-catalog/profiles/view",
            Method::POST,
            "/job-catalog/job-profiles/search".to_owned(),
            search.clone(),
        ),
        (
            "features/workforce-planning/positions/manage",
            Method::POST,
            "/positions/position-openings/search".to_owned(),
            search,
        ),
    ];
    for (guard, method, path, body) in cases {
        let ask = |asked: &Asked| {
            let request = asked.request(method.clone(), &path);
            Asked::send(if body.is_null() { request } else { request.json(&body) })
        };
        let opened = ask(&full).await;
        assert_eq!(opened.status, 200, "{guard}: {}", opened.text);
        opened.json();
        let less = Asked::of(persona("everything").without(&PermissionId::parse(guard).unwrap())).await;
        assert_eq!(ask(&less).await.status, 403, "{guard}");
        assert_eq!(ask(&Asked::of(holding(&[guard])).await).await.status, 200, "{guard} alone");
    }
}

#[tokio::test]
async fn lists_may_be_empty_instead_of_refused() {
    let asked = Asked::changed(persona("ids-only"), |setup| {
        setup.switches.whos_out_without_right = Lacking::EmptyList;
        setup.switches.reports_without_right = Lacking::EmptyList;
        setup.switches.docs_without_right = Lacking::EmptyList;
        setup.switches.some_modules_401 = true;
    })
    .await;
    assert_eq!(asked.get("/timeoff/outtoday").await.json(), json!({"outs": []}));
    assert_eq!(asked.get("/company/reports").await.json(), json!({"views": []}));
    let docs = asked.get(&format!("/docs/people/{}", asked.anybody())).await;
    assert_eq!(docs.json(), json!({"documents": []}));
    let budget = asked.get("/positions/position-budget/metadata").await;
    assert_eq!(budget.status, 401);
    assert_eq!(budget.json()["errorMessage"], "No permissions to position budget");
}

#[tokio::test]
async fn who_is_out_for_a_private_reason_needs_a_box_of_its_own() {
    let path = "/timeoff/whosout?from=2026-01-01&to=2026-12-31&includePrivate=true";
    let private = |reply: Reply| {
        reply.json()["outs"].as_array().unwrap().iter().filter(|out| out["visibility"] == "Private").count()
    };
    assert_eq!(private(Asked::of(holding(&["time-off/whos-out/view"])).await.get(path).await), 0);
    let both = holding(&["time-off/whos-out/view", "time-off/whos-out/view-private"]);
    assert!(private(Asked::of(both).await.get(path).await) > 0);
}

#[tokio::test]
async fn documents_come_from_the_open_folders_alone() {
    let asked = Asked::of(holding(&["docs/shared/view"])).await;
    let people = asked.people(&["root.id"]).await;
    let mut names = String::new();
    for person in people.iter().take(10) {
        names += &asked.get(&format!("/docs/people/{}", person["id"].as_str().unwrap())).await.text;
    }
    assert!(names.contains("MARK-shared") && !names.contains("MARK-confidential"), "{names}");
}

#[tokio::test]
async fn a_module_that_was_not_bought_is_not_found() {
    let asked = Asked::changed(persona("everything"), |setup| {
        setup.tenant.modules_off = BTreeSet::from([Module::JobCatalog, Module::Learning]);
    })
    .await;
    let reply = asked.get("/job-catalog/job-roles").await;
    assert_eq!(reply.status, 404);
    assert!(reply.json()["error"].is_string());
    let learning = asked.post("/learning/lms-integrations", json!({})).await;
    assert_eq!((learning.status, learning.text.as_str()), (403, ""));
    assert_eq!(asked.get("/attendance/projects/metadata").await.status, 200);
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_it_was_told() {
    let asked = Asked::changed(persona("everything"), |setup| {
        let fault =
            Fault { call: "GET /tasks".to_owned(), status: Some(503), times: Some(1), ..Fault::default() };
        setup.switches.faults = vec![fault];
    })
    .await;
    assert_eq!(asked.get("/tasks").await.status, 503);
    assert_eq!(asked.get("/tasks").await.status, 200);
    let rotated = Asked::changed(persona("everything"), |setup| {
        let call = "*".to_owned();
        setup.switches.faults =
            vec![Fault { call, status: Some(401), empty: true, after: 2, ..Fault::default() }];
    })
    .await;
    assert_eq!(rotated.get("/tasks").await.status, 200);
    assert_eq!(rotated.get("/company/people/fields").await.status, 200);
    for _ in 0..3 {
        let reply = rotated.get("/tasks").await;
        assert_eq!((reply.status, reply.text.as_str()), (401, ""));
    }
}

#[tokio::test]
async fn a_row_of_which_nobody_is_sure_may_need_more() {
    let directory = PermissionId::parse("features/people/directory/view").unwrap();
    for (persona, status) in
        [(holding(&["people/root/view"]), 403), (holding(&["features/people/directory/view"]), 200)]
    {
        let asked = Asked::changed(persona, |setup| {
            let needs = BTreeSet::from([directory.clone()]);
            setup.switches.also_needs.insert("GET /profiles".to_owned(), needs);
        });
        assert_eq!(asked.await.get("/profiles").await.status, status);
    }
}

#[tokio::test]
async fn a_dropped_simulator_no_longer_answers() {
    let Asked { running, client } = Asked::of(persona("everything")).await;
    let url = format!("{}/tasks", running.base_url());
    drop(running);
    let mut tries = 0;
    while client.get(&url).send().await.is_ok() {
        tries += 1;
        assert!(tries < 50, "it still answers");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_answer_may_break_off_or_lead_elsewhere() {
    let fault = |cut, location: Option<&str>| Fault {
        call: "*".to_owned(),
        cut,
        location: location.map(str::to_owned),
        ..Fault::default()
    };
    let asked = Asked::changed(persona("everything"), |setup| {
        setup.switches.faults =
            vec![Fault { times: Some(1), ..fault(true, None) }, fault(false, Some("/away"))];
    })
    .await;
    let broken = asked.request(Method::GET, "/tasks").send().await.unwrap();
    assert!(broken.status() == 200 && broken.text().await.is_err());
    // The client of the tests follows, and is led on until it gives up.
    let lost = asked.request(Method::GET, "/tasks").send().await;
    assert!(lost.is_err_and(|error| error.is_redirect()));
}

#[tokio::test]
async fn boxes_may_take_effect_late() {
    let asked = Asked::changed(persona("everything"), |setup| {
        setup.switches.propagation_ms = 400;
        setup.switches.late = BTreeSet::from([PermissionId::parse("tasks/people/complete").unwrap()]);
    })
    .await;
    assert_eq!(asked.get("/tasks").await.status, 403);
    assert_eq!(asked.get("/onboarding/wizards").await.status, 200);
    tokio::time::sleep(std::time::Duration::from_millis(450)).await;
    assert_eq!(asked.get("/tasks").await.status, 200);
}
