// Enhancements only: every page works without this file.
(() => {
  const on = (what, act, capture) => document.addEventListener(what, act, capture);
  const all = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
  const one = (selector) => document.querySelector(selector);

  // A double click sends once; the button wakes if the page is still here.
  const wake = () => all("form[data-sent]", (form) => {
    delete form.dataset.sent;
    all("[type=submit]", (b) => b.removeAttribute("aria-disabled"), form);
  });
  on("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    form.dataset.sent = "1";
    all("[type=submit]", (b) => b.setAttribute("aria-disabled", "true"), form);
    setTimeout(wake, 8000);
  }, true);
  addEventListener("pageshow", wake);

  // Password criteria, ticked while typing; the button changes colour when all hold.
  const rules = {
    length: (now, again, least) => [...now].length >= least,
    match: (now, again) => now && now === again,
  };
  const judge = (list) => {
    const form = list.closest("form");
    const [now, again] = [...form.querySelectorAll("[autocomplete=new-password]")].map((i) => i.value);
    let whole = true;
    all("[data-rule]", (item) => {
      const met = !!rules[item.dataset.rule](now, again, item.dataset.least);
      const said = item.querySelector("[data-met]");
      item.classList.toggle("is-met", met);
      said.textContent = met ? said.dataset.met : "";
      whole &&= met;
    }, list);
    const { classList } = form.querySelector("[type=submit]");
    classList.toggle("is-waiting", !whole);
    classList.toggle("is-ready", whole);
  };
  on("input", (event) => all("[data-criteria]", judge, event.target.form ?? document));

  // A password that is shown is hidden again when it is sent: browsers remember what is not.
  const turn = (button) => {
    const { previousElementSibling: field, textContent, dataset } = button;
    field.type = field.type === "text" ? "password" : "text";
    button.textContent = dataset.shows;
    dataset.shows = textContent;
  };
  on("click", ({ target }) => target.matches("[data-shows]") && turn(target));
  on("submit", () => all("[type=text] + [data-shows]", turn), true);

  // New mistakes get the focus once, so that they never take it from somebody who types in a search box below them.
  const arrive = () => {
    const summary = one("[data-error-summary]:not([data-seen])");
    summary?.focus();
    summary?.setAttribute("data-seen", "");
    all("[data-criteria]", judge);
    all("[data-shows]", (button) => (button.hidden = false));
  };
  arrive();
  // A closed pencil leaves the focus on its own row, also on the page that comes when its value was saved.
  const unfocused = () => document.activeElement === document.body;
  const goBack = (row) => row && unfocused() && one(`#${row} a`)?.focus();
  const announce = (text = "") => one("#announcer").textContent !== text && (one("#announcer").textContent = text);
  let row, kept = {};
  try {
    kept = sessionStorage; // browsers that keep no cookies refuse it
  } catch {}
  goBack(kept.row);
  delete kept.row;
  on("htmx:before:request", ({ target }) => {
    row = target.closest?.("[id^=pencil-]")?.id;
    if (row) kept.row = row;
  });
  // What had the focus and was replaced has a twin in what came, or at least a place where it was.
  let left, place;
  on("htmx:before:swap", () => {
    left = document.activeElement;
    place = left.parentElement.closest("[id]")?.id;
  });
  const twin = () => [...document.querySelectorAll(left.tagName)].find((one) =>
    ["textContent", "href", "name", "value"].every((what) => one[what] === left[what]) && one.form?.action === left.form?.action);
  const stay = () => {
    if (!unfocused() || left.isConnected) return;
    const next = twin() ?? document.getElementById(place);
    if (next?.id === place) next.tabIndex = -1;
    next?.focus();
  };
  on("htmx:after:swap", () => {
    arrive();
    fit();
    goBack(row);
    stay();
    delete kept.row;
    announce(one("[data-announce]")?.dataset.announce);
  });
  // Screen readers tell of a status that changes, not of one that came with the page.
  setTimeout(() => announce(one("main > [role=status]")?.textContent.trim()), 500);

  // A refusal is a page of its own, never a piece of a list. Who is asked to come again in a moment keeps the form.
  on("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    const { status, headers } = ctx.response;
    const soon = status > 501 && Number(headers.get("Retry-After")) < 60;
    one("#trouble").hidden = !soon;
    if (soon) event.preventDefault();
    if (soon || status < 400 || status === 422) return;
    Object.assign(ctx.hx, { retarget: "#main", reselect: "#main", reswap: "outerHTML show:top" });
  });
  on("htmx:error", () => (one("#trouble").hidden = false));
  on("htmx:finally:request", wake);

  // Skipping to the main part leaves nothing in the address that would take the focus from the pages that follow.
  on("click", (event) => {
    if (!event.target.matches(".skip")) return;
    event.preventDefault();
    one("#main").focus();
  });

  // A table that is wider than its place is a stop of the keyboard, so that the arrows can move it.
  const fit = () => all(".table-wrap", (wrap) => {
    if (wrap.scrollWidth <= wrap.clientWidth) return wrap.removeAttribute("tabindex");
    Object.assign(wrap, { tabIndex: 0, role: "region", ariaLabel: wrap.querySelector("caption")?.textContent.trim() });
  });
  fit();
  addEventListener("resize", fit);

  // Menus close.
  on("click", (event) => all("[data-menu][open]", (menu) => (menu.open = menu.contains(event.target))));
  on("keydown", (event) => {
    const menu = event.key === "Escape" && one("[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
})();
