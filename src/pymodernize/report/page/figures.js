// The totals, and the charts: tables whose rows have a bar, so that they are read as well as seen.

function showTotals() {
  const all = files.flatMap((file) => file.findings);
  const of = (outcome) => all.filter((item) => item.outcome === outcome).length;
  const failed = files.filter((file) => file.error !== null).length;
  const rows = [
    ["files", files.length, true],
    [raw.applied ? "rewritten" : "would change", files.filter((file) => file.diff).length, true],
    ...OUTCOMES.map((name, outcome) => [`${name} (places)`, of(outcome), of(outcome) > 0]),
    ["not worked on", failed, failed > 0],
  ];
  document.getElementById("totals").append(...rows.filter(([, , shown]) => shown).map(([name, number]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, number.toLocaleString("en")))));
}

/** A table: names that set a filter, a bar of what is not left on purpose, and a number for each outcome. */
function chart(title, what, rows, outcomes, filterBy) {
  const inBar = (count, number) => (outcomes[number].outcome === KEPT ? 0 : count);
  const most = Math.max(1, ...rows.map((row) => row.counts.map(inBar).reduce((sum, count) => sum + count, 0)));
  const bar = (counts) => make("div", { class: "bar", "aria-hidden": "true" }, ...counts.map((count, number) => {
    const part = make("span", { class: `b${outcomes[number].outcome}` });
    part.style.width = `${(100 * count) / most}%`;
    return inBar(count, number) ? part : null;
  }));
  const heads = outcomes.map(({ outcome, name }) =>
    make("th", { scope: "col" }, outcome === KEPT ? null : make("span", { class: `key b${outcome}`, "aria-hidden": "true" }), name));
  const body = rows.map(({ name, says, counts }) => make("tr", {},
    make("th", { scope: "row" }, make("button", {
      type: "button", class: "plain", title: says, "aria-label": `${name}: show its files`, click: () => filterBy(name),
    }, name)),
    make("td", { class: "bars" }, bar(counts)),
    ...counts.map((count) => make("td", {}, count.toLocaleString("en")))));
  return make("div", { class: "chart", tabindex: "0", role: "group", "aria-label": title }, make("table", {},
    make("caption", {}, title),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, what), make("td", {}), ...heads)),
    make("tbody", {}, ...body)));
}

function showCharts(filterBy) {
  const place = document.getElementById("charts");
  const found = new Map(rules.map(({ name }) => [name, OUTCOMES.map(() => 0)]));
  const under = new Map(assumptions.map((name) => [name, [0, 0]]));
  for (const file of files) {
    for (const item of file.findings) {
      found.get(item.rule)[item.outcome] += 1;
      if (item.outcome === APPLIED) item.assumptions.forEach((name) => { under.get(name)[0] += 1; });
      else item.withheld.forEach((name) => { under.get(name)[1] += 1; });
    }
  }
  const shown = OUTCOMES.map((name, outcome) => ({ name, outcome }))
    .filter(({ outcome }) => [...found.values()].some((counts) => counts[outcome]));
  if (rules.length) {
    place.append(chart("Places by codemod", "codemod", rules.map(({ name, says }) => ({
      name, says, counts: shown.map(({ outcome }) => found.get(name)[outcome]),
    })), shown, (name) => filterBy({ rule: name })));
  }
  const rows = assumptions.map((name) => ({ name, says: null, counts: under.get(name) }))
    .filter(({ counts }) => counts[0] + counts[1])
    .sort((one, other) => other.counts[1] - one.counts[1] || other.counts[0] - one.counts[0]);
  if (rows.length) {
    place.append(chart("Rewrites by assumption", "assumption", rows, [
      { name: `${OUTCOMES[APPLIED]} under it`, outcome: APPLIED },
      { name: "wait for it", outcome: WITHHELD },
    ], (name) => filterBy({ assumption: name })));
  }
}
