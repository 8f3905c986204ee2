// The folders and files that are asked for. What is in a folder is drawn when it is opened.

const OPEN_UP_TO = 200;

/** The shown files as folders in folders; one that has nothing but a folder is joined with it. */
function folders(shown) {
  const top = { name: "", folders: new Map(), files: [], number: 0 };
  for (const entry of shown) {
    const parts = entry.file.path.split("/");
    entry.name = parts.pop();
    let folder = top;
    folder.number += 1;
    for (const part of parts) {
      if (!folder.folders.has(part)) folder.folders.set(part, { name: part, folders: new Map(), files: [], number: 0 });
      folder = folder.folders.get(part);
      folder.number += 1;
    }
    folder.files.push(entry);
  }
  return top;
}

function byName(one, other) {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}

/** Folders first, each with its inner ones joined, then files; by name. */
function inOrder(folder) {
  const inner = [...folder.folders.values()].map((item) => {
    let joined = item;
    while (joined.files.length === 0 && joined.folders.size === 1) {
      const [only] = joined.folders.values();
      joined = { ...only, name: `${joined.name}/${only.name}` };
    }
    return joined;
  });
  return { folders: inner.sort(byName), files: [...folder.files].sort(byName) };
}

/** The files in the order in which the tree has them. */
function flattened(folder) {
  const { folders: inner, files: own } = inOrder(folder);
  return [...inner.flatMap(flattened), ...own];
}

function fileLink(entry) {
  const { file, name, number } = entry;
  const link = make("a", { href: linkTo(file), "data-file": file.number, class: file.diff || number ? null : "untouched" }, name);
  const said = file.error !== null ? " not worked on" : number ? ` ${number}` : "";
  const item = make("li", {}, link);
  if (said) item.append(make("span", { class: file.error !== null ? "number error" : "number" }, said));
  if (number) item.append(make("span", { class: "unseen" }, number === 1 ? " place" : " places"));
  return item;
}

function list(folder, isOpen) {
  const { folders: inner, files: own } = inOrder(folder);
  const element = make("ul");
  for (const item of inner) {
    const details = make("details", {}, make("summary", {}, `${item.name || "/"} `,
      make("span", { class: "number" }, counted(item.number, "file"))));
    const fill = () => { if (details.open && !details.querySelector("ul")) details.append(list(item, isOpen)); };
    details.addEventListener("toggle", fill);
    details.open = isOpen;
    fill();
    details.folder = item;
    element.append(make("li", {}, details));
  }
  for (const entry of own) element.append(fileLink(entry));
  return element;
}

function showTree(shown) {
  const top = folders(shown);
  const place = document.getElementById("tree");
  const alone = top.files.length === 0 && top.folders.size === 1;
  place.replaceChildren(list(top, shown.length <= OPEN_UP_TO));
  if (alone) {
    const first = place.querySelector("details");
    first.open = true;
    if (!first.querySelector("ul")) first.append(list(first.folder, false));
  }
  return flattened(top).map((entry) => entry.file);
}
