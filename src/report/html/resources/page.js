// Filters and searches what the page already holds. Without it nothing is missing but the convenience.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();

  // Whoever follows a link wants to read what is there.
  const follow = () => {
    const target = $(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    reset(target);
    const details = target.querySelector(":scope > details");
    if (details) {
      details.open = true;
      details.firstElementChild.focus({ preventScroll: true });
    }
    target.scrollIntoView();
  };

  // Paper cannot be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
  addEventListener("hashchange", follow);

  const tools = document.querySelector(".tools");
  if (!tools) return;
  tools.hidden = false;
  const items = all(".item");
  const rows = all("tr[data-find]");
  const words = new Map([...items, ...rows].map((entry) => [entry, plain(entry.textContent)]));

  const filter = () => {
    const sought = plain($("find").value).split(" ");
    const found = (entry) => sought.every((word) => words.get(entry).includes(word));
    const who = $("who").value;
    const bins = all("[name=bin]:checked", tools).map((box) => box.value);
    let shown = 0;
    for (const item of items) {
      const see = found(item)
        && bins.includes(item.closest(".bin").dataset.bin)
        && (!who || item.closest(".group").dataset.who === who)
        && (!$("sensitive").checked || "sensitive" in item.dataset);
      item.hidden = !see;
      shown += see;
    }
    for (const row of rows) row.hidden = !found(row);
    for (const group of all(".group")) group.hidden = !group.querySelector(".item:not([hidden])");
    const filtered = shown < items.length;
    for (const bin of all(".bin")) bin.hidden = filtered && !bin.querySelector(".item:not([hidden])");
    $("shown").value = filtered ? `${shown} of ${items.length} shown` : `all ${items.length} shown`;
  };

  // What is linked to is shown, whatever was filtered out.
  function reset(target) {
    if (!tools || !target.closest("[hidden]")) return;
    $("find").value = $("who").value = "";
    all("[type=checkbox]", tools).forEach((box) => { box.checked = box.name === "bin"; });
    filter();
  }

  const fold = (open) => all("details", $("report")).forEach((details) => { details.open = open; });
  tools.addEventListener("input", filter);
  $("unfold").addEventListener("click", () => fold(true));
  $("fold").addEventListener("click", () => fold(false));
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      $("find").focus();
    } else if (event.key === "Escape" && event.target === $("find")) {
      $("find").value = "";
      filter();
    }
  });
  filter();
  follow();
})();
