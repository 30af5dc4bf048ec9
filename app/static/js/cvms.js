// Enhancements only: every page works without this file.
(() => {
  const on = (what, act, capture) => document.addEventListener(what, act, capture);
  const all = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  // A second click while the first is under way sends nothing; the button wakes again if the page is still here.
  const release = (form) => {
    delete form.dataset.sent;
    all("[type=submit]", (b) => b.removeAttribute("aria-disabled"), form);
  };
  on("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    all("[type=submit]", (b) => b.setAttribute("aria-disabled", "true"), form);
    setTimeout(release, 8000, form);
  }, true);
  const releaseAll = () => all("form[data-sent]", release);
  addEventListener("pageshow", releaseAll);
  on("htmx:finally:request", releaseAll);

  // What a new password must have, ticked off while it is typed; the button changes colour when all of it holds.
  const rules = {
    length: (now, again, least) => [...now].length >= least,
    upper: (now) => /\p{Lu}/u.test(now),
    lower: (now) => /\p{Ll}/u.test(now),
    digit: (now) => /\d/.test(now),
    match: (now, again) => now !== "" && now === again,
  };
  const judge = (list) => {
    const form = list.closest("form");
    const [now, again] = [...form.querySelectorAll("input[type=password]")].slice(-2).map((i) => i.value);
    let whole = true;
    all("[data-rule]", (item) => {
      const met = rules[item.dataset.rule](now, again, Number(item.dataset.least));
      const said = item.querySelector("[data-met]");
      item.classList.toggle("is-met", met);
      said.textContent = met ? said.dataset.met : "";
      whole &&= met;
    }, list);
    const button = form.querySelector("[type=submit]");
    button.classList.toggle("is-waiting", !whole);
    button.classList.toggle("is-ready", whole);
  };
    on("input", (event) => {
    const list = event.target.form?.querySelector("[data-criteria]");
    if (list) judge(list);
  });

  // After a page or a swap: mistakes get the focus, results are read out.
  const arrive = () => {
    document.querySelector("[data-error-summary]")?.focus();
    all("[data-criteria]", judge);
  };
  on("htmx:after:swap", () => {
    arrive();
    const said = document.querySelector("[data-announce]");
    if (said) document.getElementById("announcer").textContent = said.dataset.announce;
  });
  arrive();

  // An open menu closes when one looks elsewhere.
  on("click", (event) => all("details[data-menu][open]", (menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }));
  on("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
