// Draws North Carolina's counties from npm us-atlas (U.S. Census cartographic boundaries, public domain): projected as the
// state's own maps are, simplified so that neighbours still share one border, and rounded to whole units.
// `npm run map` writes app/web/maps/nc_counties.json, which is committed: only a change of boundaries asks for it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { geoConicConformal } from "d3-geo";
import { feature } from "topojson-client";
import { planarTriangleArea, presimplify, simplify } from "topojson-simplify";

const STATE = "37", WIDTH = 720, DETAIL = 4, SMALLEST = 7;
const here = new URL(".", import.meta.url);
const atlas = JSON.parse(readFileSync(new URL("node_modules/us-atlas/counties-10m.json", here), "utf8"));
const counties = atlas.objects.counties.geometries.filter(({ id }) => id.startsWith(STATE));

// Standard parallels and meridian of the North Carolina state plane (NAD 83, zone 3200).
const shape = { type: "FeatureCollection", features: counties.map((one) => feature(atlas, one)) };
const plane = geoConicConformal().parallels([34 + 1 / 3, 36 + 1 / 6]).rotate([79, 0]).fitWidth(WIDTH, shape);

const { scale, translate } = atlas.transform;
const arcs = atlas.arcs.map((arc) => {
  let x = 0, y = 0;
  return arc.map(([dx, dy]) => {
    x += dx; y += dy;
    return plane([x * scale[0] + translate[0], y * scale[1] + translate[1]]);
  });
});
const flat = { type: "Topology", arcs, objects: { counties: { type: "GeometryCollection", geometries: counties } } };
const simple = simplify(presimplify(flat, planarTriangleArea), DETAIL);

const area = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => {
  const [u, v] = ring[(i + 1) % ring.length];
  return sum + x * v - u * y;
}, 0)) / 2;
const rings = ({ geometry }) => {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const all = polygons.map(([outline]) => outline.slice(0, -1).map(([x, y]) => [Math.round(x), Math.round(y)]));
  const large = all.filter((ring) => ring.length > 2 && area(ring) >= SMALLEST);
  return large.length ? large : [all.sort((a, b) => area(b) - area(a))[0]];
};
// Signs need no space before them, and a whole ring is one relative lineto.
const joined = (numbers) => numbers.map((n, i) => (i && n >= 0 ? " " : "") + n).join("");
const path = (ring) => {
  const points = ring.filter(([x, y], i) => !i || x !== ring[i - 1][0] || y !== ring[i - 1][1]);
  const steps = points.slice(1).flatMap(([x, y], i) => [x - points[i][0], y - points[i][1]]);
  return `M${joined(points[0])}l${joined(steps)}z`;
};

const paths = Object.fromEntries(
  simple.objects.counties.geometries.map((one) => [one.id, rings(feature(simple, one)).map(path).join("")]).sort(),
);
const down = simple.objects.counties.geometries.flatMap((one) => rings(feature(simple, one)).flat().map(([, y]) => y));
const height = Math.max(...down) + 1;
const target = new URL("../app/web/maps/", here);
mkdirSync(target, { recursive: true });
const text = JSON.stringify({ width: WIDTH, height, paths }, null, 1) + "\n";
writeFileSync(new URL("nc_counties.json", target), text);
console.log(`${Object.keys(paths).length} counties, ${WIDTH} by ${height}, ${text.length} bytes, ${brotliCompressSync(text).length} with brotli`);
