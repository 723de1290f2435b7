"use strict";
// The page is complete without this script: it opens cells, filters them and adds arrow keys.
(() => {
  const dialog = document.querySelector("dialog.case");
  const body = dialog.querySelector(".body");
  const place = dialog.querySelector(".place");
  const filters = document.querySelector(".filters");
  const tables = [...document.querySelectorAll(".suite table")];
  const texts = new Map([...document.querySelectorAll("script[data-case]")].map(s => [s.dataset.case, s]));
  const cells = new Map([...document.querySelectorAll(".cell")].map(a => [idOf(a.hash), a]));

  function idOf(hash) {
    try { return decodeURIComponent(hash.slice(1)); } catch { return hash.slice(1); }
  }
  const visible = () => [...cells.values()].filter(a => !a.closest("[hidden], .off"));

  // Opening: the address says which cell is open, so that it can be sent to a colleague.
  function show() {
    const id = idOf(location.hash);
    const text = texts.get(id);
    if (!text) {
      if (dialog.open) dialog.close();
      return;
    }
    body.innerHTML = text.textContent;
    dialog.setAttribute("aria-label", cells.get(id)?.getAttribute("aria-label") ?? id);
    const list = visible(), at = list.indexOf(cells.get(id));
    place.textContent = at < 0 ? "" : `${at + 1} of ${list.length}`;
    for (const b of dialog.querySelectorAll("[data-go]")) b.disabled = at < 0 || !list[at + Number(b.dataset.go)];
    if (!dialog.open) dialog.showModal();
    body.focus({ preventScroll: true });
    dialog.scrollTop = 0;
  }
  function go(step) {
    const list = visible(), at = list.indexOf(cells.get(idOf(location.hash)));
    const next = at < 0 ? undefined : list[at + step];
    if (next) location.replace(next.hash);
  }
  addEventListener("hashchange", show);
  dialog.addEventListener("close", () => {
    const cell = cells.get(idOf(location.hash));
    if (!cell) return;
    history.replaceState(null, "", location.pathname + location.search);
    if (visible().includes(cell)) enter(cell); // else the reader came by a link, and is there again
  });
  dialog.addEventListener("click", e => {
    const button = e.target.closest("button");
    if (e.target === dialog || button?.hasAttribute("data-close")) dialog.close();
    else if (button?.dataset.go) go(Number(button.dataset.go));
  });
  dialog.addEventListener("keydown", e => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === "ArrowLeft") go(-1);
    if (e.key === "ArrowRight") go(1);
  });
  document.addEventListener("click", e => {
    const button = e.target.closest("[data-copy]");
    if (!button) return;
    const code = button.previousElementSibling;
    const done = () => { button.textContent = "Copied"; };
    const select = () => getSelection().selectAllChildren(code);
    if (navigator.clipboard) navigator.clipboard.writeText(code.textContent).then(done, select);
    else select();
  });

  // Arrow keys: a table is one stop of the tab key, and arrows move within it.
  const stops = new Map();
  function stop(table, cell) {
    for (const a of table.querySelectorAll(".cell")) a.tabIndex = a === cell ? 0 : -1;
    stops.set(table, cell);
  }
  function enter(cell) {
    stop(cell.closest("table"), cell);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" }); // which, unlike focus, keeps off all that sticks to an edge
  }
  function settle(table) {
    const open = [...table.querySelectorAll(".cell")].filter(a => !a.closest("[hidden], .off"));
    stop(table, open.includes(stops.get(table)) ? stops.get(table) : open[0]);
  }
  function move(cell, dx, dy, far) {
    let td = cell.parentElement, row = td.parentElement;
    const column = td.cellIndex;
    let found = null;
    for (;;) {
      if (dy) {
        row = dy > 0 ? row.nextElementSibling : row.previousElementSibling;
        td = row?.cells[column];
      } else {
        td = dx > 0 ? td.nextElementSibling : td.previousElementSibling;
      }
      if (!td) return found;
      const next = td.querySelector(".cell");
      if (next && !next.closest("[hidden], .off")) {
        found = next;
        if (!far) return found;
      }
    }
  }
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-1, 0, true], End: [1, 0, true] };
  for (const table of tables) {
    table.setAttribute("role", "grid");
    settle(table);
    table.addEventListener("keydown", e => {
      const cell = e.target.closest(".cell"), way = arrows[e.key];
      if (!cell || !way || e.altKey || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      const next = move(cell, ...way);
      if (next) enter(next);
    });
  }

  // Filters: a browser or policy that is not wanted goes, with its columns; a cell of another outcome fades, and rows
  // without any wanted cell go.
  function filter() {
    const want = Object.fromEntries(new FormData(filters));
    const fits = (e, key, value) => !value || !(key in e.dataset) || e.dataset[key] === value;
    let shown = 0;
    for (const table of tables) {
      let rows = 0;
      for (const th of table.querySelectorAll("thead .engine")) th.hidden = !fits(th, "b", want.browser) || !fits(th, "p", table.matches(".wide") ? "" : want.policy);
      for (const th of table.querySelectorAll("thead [scope=colgroup]")) {
        const under = [...table.querySelectorAll("thead .engine")].filter(e => e.dataset.p === th.dataset.p && !e.hidden).length;
        th.hidden = under === 0;
        th.colSpan = Math.max(1, under);
      }
      const heads = [...table.querySelectorAll("thead .engine")];
      for (const row of table.tBodies[0].rows) {
        let wanted = 0;
        for (const td of row.querySelectorAll("td")) {
          td.hidden = heads[td.cellIndex - 1].hidden;
          const fit = td.dataset.s && fits(td, "b", want.browser) && fits(td, "p", want.policy) && fits(td, "o", want.outcome) &&
            (["look", "surprise"].includes(want.status) ? want.status in td.dataset : fits(td, "s", want.status));
          td.classList.toggle("off", !fit);
          if (fit) wanted++;
        }
        row.hidden = wanted === 0;
        shown += wanted;
        if (wanted) rows++;
      }
      table.closest(".suite").hidden = rows === 0;
      settle(table);
    }
    for (const s of filters.querySelectorAll("select")) s.classList.toggle("set", s.value !== "");
    filters.querySelector("output").textContent = `${shown} of ${cells.size} cells`;
    filters.querySelector("button").disabled = !Object.values(want).some(Boolean);
    clear();
  }
  // What sticks to an edge must not cover the cell that gets the focus, nor where a link leads.
  function clear() {
    document.documentElement.style.scrollPaddingTop = getComputedStyle(filters).position === "sticky" ? `${filters.offsetHeight + 8}px` : "";
    for (const table of tables) {
      const scroll = table.closest(".scroll");
      scroll.style.scrollPaddingLeft = `calc(${getComputedStyle(scroll).paddingLeft} + ${table.querySelector(".corner").offsetWidth + 8}px)`;
    }
  }
  addEventListener("resize", clear);

  filters.hidden = false;
  filters.addEventListener("change", filter);
  filters.addEventListener("reset", () => queueMicrotask(filter));
  filters.addEventListener("submit", e => e.preventDefault());
  filter();
  show();
})();
