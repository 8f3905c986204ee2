// One file: its findings, each with a link of its own, and its diff.

const FINDINGS = 300;

function linkTo(file, finding = null) {
  const place = new URLSearchParams({ file: file.path });
  if (finding) place.set("finding", finding.key);
  return `#${place}`;
}

function findingItem(file, finding) {
  const needs = finding.withheld.length ? finding.withheld : finding.assumptions;
  const said = finding.withheld.length ? "needs" : "assumes";
  return make("li", { tabindex: "-1", "data-key": finding.key },
    make("p", {},
      make("a", { href: linkTo(file, finding), "aria-label": `Link to line ${finding.line}, column ${finding.column}` }, `${finding.line}:${finding.column}`),
      " ", make("code", {}, finding.rule), " ", make("span", { class: `outcome o${finding.outcome}` }, OUTCOMES[finding.outcome]),
      ` ${finding.reason ? `${finding.message} - ${finding.reason}` : finding.message}`),
    needs.length ? make("p", { class: "rests" }, `${said} ${needs.join(", ")}`) : null,
    finding.source ? make("pre", { tabindex: "0", role: "group", "aria-label": `Source from line ${finding.line}` }, make("code", {}, finding.source)) : null);
}

function findingList(file, items, chosen) {
  const element = make("ol", { class: "findings" });
  const least = items.findIndex((item) => item.key === chosen) + 1;
  const more = inParts(element, items, (item) => findingItem(file, item), FINDINGS, least);
  return more ? [element, more] : [element];
}

/** The findings of a file: those that are asked for, those that others are, those that are left on purpose. */
function findingParts(file, filter, chosen) {
  const isChosen = (item) => item.key === chosen;
  const shown = file.findings.filter((item) => isWanted(item, filter) || isChosen(item));
  const plain = (item) => item.outcome !== KEPT || filter.outcome === String(KEPT) || isChosen(item);
  const [first, kept] = [shown.filter(plain), shown.filter((item) => !plain(item))];
  const parts = [make("h4", { id: "findings-title", tabindex: "-1" }, "Findings")];
  const hidden = file.findings.length - shown.length;
  if (hidden) parts.push(make("p", {}, `${counted(hidden, "other")} not shown: the filters ask for what is below.`));
  if (first.length) parts.push(...findingList(file, first, chosen));
  if (kept.length) {
    const details = make("details", {}, make("summary", {}, `${counted(kept.length, "place")} ${OUTCOMES[KEPT]}`));
    details.addEventListener("toggle", () => {
      if (details.open && !details.querySelector("ol")) details.append(...findingList(file, kept, chosen));
    });
    parts.push(details);
  }
  return parts;
}

function goToFindings() {
  const title = document.getElementById("findings-title");
  title.focus();
  title.scrollIntoView({ block: "start" });
}

/** Draws a file; what stands before and behind it in the tree is one button away. */
function showFile(file, filter, chosen, neighbours) {
  const step = (name, other) => make("button", {
    type: "button", disabled: other === null, click: () => { location.hash = linkTo(other); },
  }, name);
  const changes = file.diff ? (raw.applied ? "rewritten" : "would be rewritten") : "stays as it is";
  const parts = [
    make("h3", { id: "file-title", tabindex: "-1" }, file.path),
    make("div", { class: "about" },
      file.error === null ? make("span", {}, changes) : make("span", { class: "error" }, file.error),
      step("Previous file", neighbours.before), step("Next file", neighbours.after),
      file.diff && file.findings.length ? make("button", { type: "button", click: goToFindings }, "Findings") : null),
  ];
  if (file.diff) parts.push(make("h4", {}, "Changes"), ...sideBySide(file.diff, file.path).filter((item) => item !== null));
  if (file.findings.length) parts.push(...findingParts(file, filter, chosen));
  document.getElementById("file").replaceChildren(...parts);
}
