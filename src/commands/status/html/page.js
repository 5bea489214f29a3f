"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [ID, STATE, BEGIN, END, SERIAL, SUBJECT, , PROBLEMS] = [0, 1, 2, 3, 4, 5, 6, 7];
  const DAY = 86400, WEEK = 7 * DAY, MONDAY = -3 * DAY, PAGE = 50, CROWD = 20;
  const rows = data.devices;
  const byId = (id) => document.getElementById(id);
  const number = (value) => value.toLocaleString("en-US");
  const many = (value) => (value === 1 ? "1 device" : number(value) + " devices");
  const clamp = (value) => Math.max(-62135596800, Math.min(253402300799, value));
  const iso = (seconds) => new Date(clamp(seconds) * 1000).toISOString();
  const date = (seconds) => iso(seconds).slice(0, 10);
  const moment = (seconds) => iso(seconds).slice(0, 16).replace("T", " ");
  // Characters that could hide or reorder a name are shown as their codes.
  const shown = (text) =>
    text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu,
      (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");

  // Every text goes through textContent: no text of a certificate becomes markup.
  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = shown(String(text));
    return element;
  }
  function button(name, label, act) {
    const element = make("button", name);
    element.type = "button";
    if (label) element.setAttribute("aria-label", label);
    element.addEventListener("click", act);
    return element;
  }
  function share(count) {
    const percent = Math.round(count * 100 / Math.max(1, rows.length));
    if (percent === 0 && count > 0) return "<1";
    return percent === 100 && count < rows.length ? ">99" : String(percent);
  }
  function left(seconds) {
    const size = Math.abs(seconds), past = seconds < 0 ? " ago" : "";
    if (size >= DAY) return number(Math.floor(size / DAY)) + " d" + past;
    if (size >= 3600) return Math.floor(size / 3600) + " h" + past;
    return Math.floor(size / 60) + " min" + past;
  }

  const filter = { words: [], state: null, from: null, to: null, name: "" };
  let sort = { column: "worst", down: false };
  let chosen = [], page = 0, haystack = null;

  const inForce = (row) => {
    const name = data.states[row[STATE]].name;
    return row[END] !== null && row[END] >= data.at && name !== "revoked" && name !== "on_hold";
  };

  function header() {
    byId("title").textContent = shown(data.directory) + ": " + many(rows.length);
    document.title = "Fleet status: " + many(rows.length);
    byId("when").textContent = "As it was on " + moment(data.at) + " UTC";
    const parts = data.roots.map((root) => "Root " + shown(root.subject) + ", until " + date(root.end) + ".");
    if (data.list) {
      const next = data.list.next === null ? "" : ", next " + moment(data.list.next);
      parts.push("Revocation list of " + moment(data.list.made) + next + ", " + number(data.list.revoked) + " revoked.");
    }
    byId("authority").textContent = parts.join(" ");
    data.notes.forEach((note, index) => byId("notes").append(make("li", index < data.failures ? "bad" : "", note)));
    byId("notes-part").hidden = data.notes.length === 0;
  }

  function tiles() {
    data.states.forEach((state, index) => {
      if (state.count === 0 && index > 0) return;
      const tile = button("tile " + state.name, "", () => {
        filter.state = filter.state === index ? null : index;
        refresh();
      });
      tile.dataset.state = index;
      tile.disabled = state.count === 0;
      tile.append(make("b", "", number(state.count)), make("span", "", state.words), make("small", "", share(state.count) + " %"));
      byId("states").append(tile);
    });
  }

  function range(from, to, name) {
    const same = filter.from === from && filter.to === to;
    Object.assign(filter, same ? { from: null, to: null, name: "" } : { from, to, name });
    refresh();
    if (!same) byId("devices").scrollIntoView({ block: "start" });
  }

  function weeks() {
    const MOST = 160;
    const counts = new Map();
    for (const row of rows) {
      if (!inForce(row)) continue;
      const week = Math.floor((row[END] - MONDAY) / WEEK);
      counts.set(week, (counts.get(week) || 0) + 1);
    }
    byId("weeks-part").hidden = counts.size === 0;
    if (counts.size === 0) return;
    const numbers = [...counts.keys()].sort((a, b) => a - b);
    const first = numbers[0], end = Math.min(numbers[numbers.length - 1], first + MOST - 1);
    let most = 0, later = 0, ends = 0;
    for (const [week, count] of counts) {
      most = Math.max(most, count);
      ends += count;
      if (week > end) later += count;
    }
    // Numbers that would run into each other are left to the labels.
    const narrow = [...counts.keys()].filter((week) => week <= end).length > 20 && most > 999;
    let cliffs = 0, month = "", tallest = null;
    for (let week = first; week <= end; week++) {
      // A long time in which no certificate expires is one mark, so that the weeks that count fill the screen.
      let gap = week;
      while (!counts.get(gap) && gap < end) gap++;
      if (gap - week > 2) {
        byId("weeks").append(make("div", "week gap", (gap - week) + " weeks"));
        week = gap - 1;
        month = "";
        continue;
      }
      const count = counts.get(week) || 0, from = week * WEEK + MONDAY;
      const cliff = rows.length >= CROWD && count * 10 > rows.length;
      if (cliff) cliffs++;
      const label = "Week of " + date(from) + ": " + many(count) + (cliff ? ", a cliff of " + share(count) + " %" : "");
      const column = count
        ? button("week" + (cliff ? " cliff" : ""), label, () => range(from, from + WEEK - 1, "Week of " + date(from)))
        : make("div", "week none");
      if (count) {
        column.title = label;
        column.dataset.from = from;
        if (!narrow || cliff) column.append(make("span", "number", number(count)));
        if (count === most) tallest = tallest || column;
      }
      const bar = make("span", "bar");
      if (count) bar.style.height = Math.max(2, count * 75 / most) + "%";
      // The day where there is room for it, else the month.
      const name = counts.size <= 4 ? (count ? date(from) : month) : iso(from + 6 * DAY).slice(0, 7);
      column.append(bar, make("span", "month", name === month ? "" : name));
      month = name;
      byId("weeks").append(column);
    }
    if (tallest) {
      // Where it does not fit the screen, what matters most is in sight.
      const view = byId("weeks-scroll");
      view.scrollLeft = Math.max(0, tallest.offsetLeft - view.clientWidth / 2);
    }
    let text = many(ends) + " with a certificate that has not expired; the last expires by " + date(numbers[numbers.length - 1] * WEEK + MONDAY + WEEK - 1) + ".";
    if (cliffs) text += " In " + (cliffs === 1 ? "one week" : cliffs + " weeks") + " (hatched) more than a tenth of the fleet expires.";
    if (later) text += " " + many(later) + " expire later than what is drawn.";
    byId("weeks-text").textContent = text + " Choose a week to see its devices.";
  }

  function days() {
    const MOST = 36;
    const counts = new Map(), months = new Map();
    for (const row of rows) {
      if (!inForce(row)) continue;
      const day = date(row[END]), month = day.slice(0, 7);
      counts.set(day, (counts.get(day) || 0) + 1);
      months.set(month, (months.get(month) || 0) + 1);
    }
    byId("days-part").hidden = months.size === 0;
    const names = [...months.keys()].sort();
    const most = Math.max(0, ...counts.values());
    const left = names.length > MOST ? " " + (names.length - MOST) + " later months are not drawn." : "";
    byId("days-text").textContent = "Months in which nothing expires are left out." + left + " Choose a day to see its devices.";
    for (const name of names.slice(0, MOST)) byId("days").append(card(name, months.get(name), counts, most));
  }

  function card(name, total, counts, most) {
    const part = make("section", "month-card card"), title = make("h3", "", "");
    const first = new Date(name + "-01T00:00:00Z");
    title.append(first.toLocaleDateString("en-US", { month: "long", year: "numeric", timeZone: "UTC" }), make("span", "", many(total)));
    const grid = make("div", "grid");
    for (const day of ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]) {
      const head = make("span", "weekday", day);
      head.setAttribute("aria-hidden", "true");
      grid.append(head);
    }
    for (let blank = (first.getUTCDay() + 6) % 7; blank > 0; blank--) grid.append(make("span"));
    const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
    for (let day = 1; day <= length; day++) {
      const at = first.getTime() / 1000 + (day - 1) * DAY, key = date(at), count = counts.get(key) || 0;
      const today = key === date(data.at) ? " today" : "";
      if (count === 0) {
        grid.append(make("span", "day" + today, day));
        continue;
      }
      const level = Math.max(1, Math.ceil(4 * Math.log(count + 1) / Math.log(most + 1)));
      const label = key + ": " + many(count);
      const cell = button("l" + level + today, label, () => range(at, at + DAY - 1, key));
      cell.title = label;
      cell.dataset.from = at;
      cell.append(make("span", "", day), make("b", "", count > 9999 ? Math.floor(count / 1000) + "k" : count));
      grid.append(cell);
    }
    part.append(title, grid);
    return part;
  }

  const columns = [
    { name: "Device", key: (row) => row[ID], index: ID },
    { name: "State", key: (row) => row[STATE], index: STATE },
    { name: "Expires", key: (row) => (row[END] === null ? Infinity : row[END]), index: END },
    { name: "Left", key: (row) => (row[END] === null ? Infinity : row[END]), index: "left" },
    { name: "Problems", key: (row) => row[PROBLEMS], index: PROBLEMS },
    { name: "Subject", key: (row) => row[SUBJECT], index: SUBJECT },
    { name: "Serial number", key: (row) => row[SERIAL], index: SERIAL },
    { name: "Since", key: (row) => (row[BEGIN] === null ? Infinity : row[BEGIN]), index: BEGIN },
  ];

  function head() {
    for (const column of columns) {
      const cell = make("th");
      cell.scope = "col";
      const act = button("", "", () => {
        sort = { column: column.index, down: sort.column === column.index && !sort.down };
        refresh();
      });
      act.textContent = column.name;
      cell.append(act);
      cell.dataset.column = column.index;
      byId("head").append(cell);
    }
  }

  // At first the devices that fail, then those that expire first.
  const WORST = ["revoked", "on_hold", "mismatched", "broken", "expired", "not_yet_valid"];
  function badness(state) {
    const place = WORST.indexOf(data.states[state].name);
    return place === -1 ? WORST.length : place;
  }

  function choose() {
    if (filter.words.length && !haystack) {
      haystack = rows.map((row) =>
        [row[ID], data.states[row[STATE]].words, row[SUBJECT], row[SERIAL], row[SERIAL].replaceAll(":", ""), row[PROBLEMS],
          row[END] === null ? "" : date(row[END])].join("\n").toLowerCase());
    }
    chosen = [];
    rows.forEach((row, index) => {
      if (filter.state !== null && row[STATE] !== filter.state) return;
      if (filter.from !== null && !(inForce(row) && row[END] >= filter.from && row[END] <= filter.to)) return;
      if (filter.words.length && !filter.words.every((word) => haystack[index].includes(word))) return;
      chosen.push(row);
    });
    const { key } = columns.find((column) => column.index === sort.column) || { key: (row) => badness(row[STATE]) * 1e12 + (row[END] || 0) };
    const turn = sort.down ? -1 : 1;
    chosen.sort((a, b) => {
      const one = key(a), other = key(b);
      if (one < other) return -turn;
      if (one > other) return turn;
      return a[ID] < b[ID] ? -1 : 1;
    });
  }

  function table() {
    const body = document.createDocumentFragment();
    for (const row of chosen.slice(page * PAGE, (page + 1) * PAGE)) {
      const line = make("tr"), id = make("th", "", row[ID]), state = make("td"), of = data.states[row[STATE]];
      id.scope = "row";
      state.append(make("span", "state " + of.name, of.words));
      const serial = make("td", "mono", row[SERIAL]);
      serial.title = row[SERIAL];
      line.append(id, state,
        make("td", "number", row[END] === null ? "" : moment(row[END])),
        make("td", "number", row[END] === null ? "" : left(row[END] - data.at)),
        make("td", row[PROBLEMS] ? "wide" : "", row[PROBLEMS]), make("td", row[SUBJECT].length > 40 ? "wide" : "", row[SUBJECT]),
        serial, make("td", "number", row[BEGIN] === null ? "" : date(row[BEGIN])));
      body.append(line);
    }
    if (chosen.length === 0) {
      const line = make("tr"), cell = make("td", "empty", rows.length ? "No device fits." : "There is no device here.");
      cell.colSpan = columns.length;
      line.append(cell);
      body.append(line);
    }
    byId("rows").replaceChildren(body);
    const pages = Math.max(1, Math.ceil(chosen.length / PAGE)), start = page * PAGE;
    byId("place").textContent = chosen.length === 0 ? "0 of " + number(rows.length)
      : number(start + 1) + " to " + number(Math.min(start + PAGE, chosen.length)) + " of " + number(chosen.length);
    for (const id of ["first", "before"]) byId(id).disabled = page === 0;
    for (const id of ["after", "last"]) byId(id).disabled = page >= pages - 1;
  }

  function marks() {
    for (const cell of byId("head").children) {
      const sorted = cell.dataset.column === String(sort.column);
      cell.setAttribute("aria-sort", sorted ? (sort.down ? "descending" : "ascending") : "none");
    }
    for (const tile of document.querySelectorAll("[data-state]")) {
      tile.setAttribute("aria-pressed", String(tile.dataset.state === String(filter.state)));
    }
    for (const part of ["weeks", "days"]) {
      for (const one of byId(part).querySelectorAll("[data-from]")) {
        const length = part === "weeks" ? WEEK : DAY, from = Number(one.dataset.from);
        one.setAttribute("aria-pressed", String(from === filter.from && filter.to === from + length - 1));
      }
    }
    const chips = [];
    if (filter.state !== null) chips.push([data.states[filter.state].words, { state: null }]);
    if (filter.from !== null) chips.push([filter.name, { from: null, to: null, name: "" }]);
    byId("filters").replaceChildren(...chips.map(([name, without]) => {
      const chip = button("", "Show not only: " + name, () => {
        Object.assign(filter, without);
        refresh();
        byId("search").focus();
      });
      chip.textContent = name + "  \u00d7";
      return chip;
    }));
  }

  function refresh() {
    page = 0;
    choose();
    marks();
    table();
  }
  function turn(to) {
    page = Math.max(0, Math.min(to, Math.ceil(chosen.length / PAGE) - 1));
    table();
  }

  let waiting = 0;
  byId("search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      filter.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      refresh();
    }, 120);
  });
  byId("first").addEventListener("click", () => turn(0));
  byId("before").addEventListener("click", () => turn(page - 1));
  byId("after").addEventListener("click", () => turn(page + 1));
  byId("last").addEventListener("click", () => turn(Infinity));

  header();
  tiles();
  weeks();
  days();
  head();
  refresh();
})();
