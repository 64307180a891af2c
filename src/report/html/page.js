"use strict";
// Before the libraries are read: tables fold away, since charts will stand in their place, and buttons work.
const detente = (() => {
  document.documentElement.classList.add("scripted");
  for (const table of document.querySelectorAll("figure details")) table.open = false;

  const copied = async (button, text) => {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.copy) copied(button, button.dataset.copy);
    const from = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
    if (from) copied(button, JSON.stringify(JSON.parse(from.textContent), null, 2));
  });

  // Colours of axes and text follow the page, in light, dark and print, without drawing again.
  const font = getComputedStyle(document.documentElement).getPropertyValue("--sans");
  const ink = "var(--ink)", soft = "var(--soft)", lines = "var(--grid)";
  const config = {
    aria: false, background: "transparent", font,
    view: { stroke: null },
    axis: { labelColor: soft, titleColor: soft, gridColor: lines, domainColor: lines, tickColor: lines, labelFontSize: 12,
      titleFontSize: 12, titleFontWeight: 400, titlePadding: 8, labelPadding: 5 },
    axisY: { domain: false, ticks: false },
    legend: { labelColor: ink, titleColor: soft, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400 },
    header: { labelColor: ink, titleColor: soft, labelFontSize: 12, labelFontWeight: 600 },
    text: { color: ink, fontSize: 12 },
    rule: { color: ink }, tick: { color: ink },
  };

  const one = async (place) => {
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    try {
      await vegaEmbed(place, spec, { renderer: "svg", actions: false, ast: true, config, defaultStyle: false,
        tooltip: { disableDefaultStyle: true } });
      place.querySelector("svg").setAttribute("aria-hidden", "true");
      place.dataset.drawn = "yes";
    } catch (error) {
      place.classList.add("failed");
      console.error(place.id, error);
    }
  };
  // One after the other, and the page stays alive between them.
  const draw = async () => {
    for (const place of document.querySelectorAll("[data-chart]")) {
      await one(place);
      await new Promise((done) => setTimeout(done, 0));
    }
    document.documentElement.dataset.drawn = "all";
  };
  return { draw };
})();
