// The page as a whole: filters, the address, and where the keyboard is.

const form = document.getElementById("filters");
let filter = { words: [], rule: "", assumption: "", outcome: "" };
let order = [];
let open = null;

function readFilter() {
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter((word) => word);
  filter = { words, rule: form.elements.rule.value, assumption: form.elements.assumption.value, outcome: form.elements.outcome.value };
}

function applyFilter() {
  readFilter();
  const shown = [];
  let places = 0;
  for (const file of files) {
    const number = wantedIn(file, filter);
    if (number !== null) {
      shown.push({ file, number });
      places += number;
    }
  }
  order = showTree(shown);
  const all = shown.length === files.length ? "" : ` of ${files.length.toLocaleString("en")}`;
  document.getElementById("count").textContent =
    shown.length ? `${shown.length.toLocaleString("en")}${all} file${files.length === 1 ? "" : "s"}, ${counted(places, "place")}` : "No file is like that.";
  if (open) draw();
  mark();
}

function mark() {
  for (const link of document.querySelectorAll("#tree a[aria-current]")) link.removeAttribute("aria-current");
  const link = open && document.querySelector(`#tree a[data-file="${open.file.number}"]`);
  if (link) link.setAttribute("aria-current", "true");
}

function draw() {
  const place = order.indexOf(open.file);
  const at = (index) => (place >= 0 && index in order ? order[index] : null);
  showFile(open.file, filter, open.chosen, { before: at(place - 1), after: at(place < 0 ? 0 : place + 1) });
}

/** Opens what the address names, and takes the keyboard there. */
function follow() {
  const place = new URLSearchParams(location.hash.slice(1));
  const file = files.find((item) => item.path === place.get("file"));
  if (!file) return;
  open = { file, chosen: place.get("finding") };
  draw();
  mark();
  const items = [...document.querySelectorAll(".findings li")];
  const target = items.find((item) => item.dataset.key === open.chosen) || document.getElementById("file-title");
  if (target.tagName === "LI") target.classList.add("chosen");
  target.focus();
  target.scrollIntoView({ block: "start" });
}

function filterBy(wanted) {
  form.reset();
  for (const [name, value] of Object.entries(wanted)) form.elements[name].value = value;
  applyFilter();
  document.getElementById("files").focus();
}

function start() {
  const option = (value, name) => make("option", { value }, name);
  form.elements.rule.append(...rules.map(({ name }) => option(name, name)));
  form.elements.assumption.append(...assumptions.map((name) => option(name, name)));
  const seen = new Set(files.flatMap((file) => file.findings.map((item) => item.outcome)));
  form.elements.outcome.append(...OUTCOMES.map((name, number) => [number, name]).filter(([number]) => seen.has(number)).map(([number, name]) => option(number, name)));
  if (files.some((file) => file.error !== null)) form.elements.outcome.append(option(UNWORKED, "not worked on"));
  let waiting = null;
  form.addEventListener("submit", (event) => event.preventDefault());
  // The text "changes" when a file is clicked on: a tree that is drawn anew then would lose the click.
  form.addEventListener("change", (event) => { if (event.target !== form.elements.text) applyFilter(); });
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target === form.elements.text) waiting = setTimeout(applyFilter, 150);
  });
  form.addEventListener("reset", () => setTimeout(applyFilter));
  showTotals();
  showCharts(filterBy);
  applyFilter();
  window.addEventListener("hashchange", follow);
  follow();
  document.documentElement.dataset.ready = "yes";
}

start();
