"use strict";
// What the run found, and which part of it is asked for.

const raw = JSON.parse(document.getElementById("data").textContent);
const OUTCOMES = raw.outcomes;
const [APPLIED, WITHHELD, FOUND, KEPT, REJECTED, UNWORKED] = [0, 1, 2, 3, 4, 5];

/** The findings of a file; the key is a name in links: the place, the codemod, and a number if there are several. */
function findingsOf(rows) {
  const seen = new Map();
  return rows.map(([rule, line, column, outcome, message, reason, assumptions, withheld, source]) => {
    const place = `${line}.${column}.${raw.texts[rule]}`;
    const number = (seen.get(place) || 0) + 1;
    seen.set(place, number);
    return {
      key: number > 1 ? `${place}.${number}` : place,
      rule: raw.texts[rule], line, column, outcome, source,
      message: raw.texts[message], reason: raw.texts[reason],
      assumptions: assumptions.map((item) => raw.texts[item]),
      withheld: withheld.map((item) => raw.texts[item]),
    };
  });
}

const files = raw.files.map(([path, error, findings, diff], number) => ({
  number, path, error, diff, findings: findingsOf(findings),
}));
const rules = raw.rules.map((item, number) => ({ name: raw.texts[item], says: raw.says[number] }));
const assumptions = [...new Set(files.flatMap((file) => file.findings.flatMap((item) => item.assumptions)))].sort();

/** An element; what is in it is text or other elements, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Adds what is made of each item to an element, a part at once; a button brings the next part. */
function inParts(element, items, one, size, least = 0) {
  let next = 0;
  const more = (until) => {
    const part = document.createDocumentFragment();
    for (const end = Math.min(until, items.length); next < end; next += 1) part.append(one(items[next], next));
    element.append(part);
  };
  more(Math.max(size, least));
  if (next >= items.length) return null;
  const said = () => `Show more: ${(items.length - next).toLocaleString("en")} left`;
  const button = make("button", { type: "button", click: () => {
    more(next + size);
    button.textContent = said();
    if (next >= items.length) button.remove();
  } }, said());
  return button;
}

/** Whether a finding is one of those that are asked for. */
function isWanted(finding, filter) {
  return (!filter.rule || finding.rule === filter.rule) &&
    (!filter.assumption || finding.assumptions.includes(filter.assumption)) &&
    (filter.outcome === "" || finding.outcome === Number(filter.outcome));
}

/** All text of a file in lower case, made when it is first searched. */
function textOf(file) {
  if (file.text === undefined) {
    const said = file.findings.map((item) => `${item.rule}\n${item.message}\n${item.reason}\n${item.source}`);
    file.text = [file.path, file.error || "", ...said, file.diff].join("\n").toLowerCase();
  }
  return file.text;
}

/** How many findings of a file are asked for; null if the file is not asked for. */
function wantedIn(file, filter) {
  if (filter.words.some((word) => !textOf(file).includes(word))) return null;
  const number = file.findings.filter((item) => isWanted(item, filter)).length;
  if (number) return number;
  if (filter.outcome === String(UNWORKED)) return file.error !== null && !filter.rule && !filter.assumption ? 0 : null;
  return filter.rule || filter.assumption || filter.outcome !== "" ? null : 0;
}
