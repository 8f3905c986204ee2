// A unified diff, drawn side by side.

const PART = 1500;
const LONGEST = 2000;

/** The rows of a diff: places, and pairs of what was and what comes, each a number and a text or null. */
function rowsOf(diff) {
  const rows = [];
  let [old, fresh] = [0, 0];
  let [gone, added] = [[], []];
  const flush = () => {
    for (let index = 0; index < Math.max(gone.length, added.length); index += 1) {
      rows.push({ kind: "changed", before: gone[index] || null, after: added[index] || null });
    }
    [gone, added] = [[], []];
  };
  // The first two lines name the file.
  for (const line of diff.split("\n").slice(2)) {
    const text = line.slice(1);
    if (line.startsWith("-")) {
      gone.push({ at: old, text });
      old += 1;
    } else if (line.startsWith("+")) {
      added.push({ at: fresh, text });
      fresh += 1;
    } else if (line.startsWith("\\")) {
      const last = added.length ? added[added.length - 1] : gone[gone.length - 1] || (rows.length ? rows[rows.length - 1].after : null);
      if (last) last.unended = true;
    } else if (line.startsWith("@")) {
      flush();
      const [, first, second] = /^@@ -(\d+)[^+]*\+(\d+)/.exec(line);
      [old, fresh] = [Number(first), Number(second)];
      rows.push({ kind: "place", text: `from line ${first}` });
    } else if (line.startsWith(" ")) {
      flush();
      rows.push({ kind: "same", before: { at: old, text }, after: { at: fresh, text } });
      old += 1;
      fresh += 1;
    }
  }
  flush();
  return rows;
}

/** Where two lines begin to differ, and how much they have in common at the end. */
function common(one, other) {
  const most = Math.min(one.length, other.length);
  let [head, tail] = [0, 0];
  while (head < most && one[head] === other[head]) head += 1;
  while (tail < most - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  return [head, tail];
}

/** A line; what is different in it from the other one is marked, if they have something in common. */
function marked(side, other, tag) {
  const text = side.text.length > LONGEST ? `${side.text.slice(0, LONGEST)} ... (${counted(side.text.length - LONGEST, "more character")})` : side.text;
  if (!tag || !other || text !== side.text || other.text.length > LONGEST) return [text];
  const [head, tail] = common(text, other.text);
  if (head + tail < text.trim().length / 3 || head + tail === text.length) return [text];
  const end = text.length - tail;
  return [text.slice(0, head), make(tag, {}, text.slice(head, end)), text.slice(end)];
}

function cells(side, other, style, tag) {
  if (!side) return [make("td", { class: "at empty" }), make("td", { class: "empty" })];
  const cell = make("td", { class: style }, ...marked(side, other, tag));
  if (side.unended) cell.append(make("span", { class: "unseen" }, " (no newline at the end)"));
  return [make("td", { class: `at ${style}` }, String(side.at)), cell];
}

function row(item) {
  if (item.kind === "place") return make("tr", { class: "place" }, make("td", { colspan: 4 }, item.text));
  const changes = item.kind === "changed";
  return make("tr", {},
    ...cells(item.before, item.after, changes ? "gone" : "", changes ? "del" : null),
    ...cells(item.after, item.before, changes ? "new" : "", changes ? "ins" : null));
}

function sideBySide(diff, path) {
  const body = make("tbody");
  const more = inParts(body, rowsOf(diff), row, PART);
  const heads = ["Line", "Before", "Line", "After"].map((name) => make("th", { scope: "col" }, name));
  const columns = ["at", "text", "at", "text"].map((name) => make("col", { class: name }));
  const table = make("table", { class: "diff" },
    make("caption", { class: "unseen" }, `Changes of ${path}, before and after side by side`),
    make("colgroup", {}, ...columns), make("thead", {}, make("tr", {}, ...heads)), body);
  return [make("div", { class: "sides", tabindex: "0", role: "group", "aria-label": "Changes, side by side" }, table), more];
}
