"""Which state a county's code and a ZIP code lie in.

State codes: FIPS 5-2. ZIP codes by their first three digits: U.S. Postal Service, Labeling List L002. A few belong to
single towns across a border (Fishers Island, N.Y., has 063): both states are right there.
"""

STATE_FIPS = {
    "AL": "01", "AK": "02", "AZ": "04", "AR": "05", "CA": "06", "CO": "08", "CT": "09", "DE": "10", "DC": "11", "FL": "12",
    "GA": "13", "HI": "15", "ID": "16", "IL": "17", "IN": "18", "IA": "19", "KS": "20", "KY": "21", "LA": "22", "ME": "23",
    "MD": "24", "MA": "25", "MI": "26", "MN": "27", "MS": "28", "MO": "29", "MT": "30", "NE": "31", "NV": "32", "NH": "33",
    "NJ": "34", "NM": "35", "NY": "36", "NC": "37", "ND": "38", "OH": "39", "OK": "40", "OR": "41", "PA": "42", "RI": "44",
    "SC": "45", "SD": "46", "TN": "47", "TX": "48", "UT": "49", "VT": "50", "VA": "51", "WA": "53", "WV": "54", "WI": "55",
    "WY": "56", "AS": "60", "GU": "66", "MP": "69", "PR": "72", "VI": "78",
}  # fmt: skip

_ZIPS = """
AL 350-369; AK 995-999; AZ 850-865; AR 716-729; CA 900-961; CO 800-816; CT 060-069; DE 197-199; DC 200 202-205 569;
FL 320-349; GA 300-319 398-399; HI 967-968; ID 832-838; IL 600-629; IN 460-479; IA 500-528; KS 660-679; KY 400-427;
LA 700-714; ME 039-049; MD 206-219; MA 010-027 055; MI 480-499; MN 550-567; MS 386-397; MO 630-658; MT 590-599;
NE 680-693; NV 889-898; NH 030-038; NJ 070-089; NM 870-884; NY 005 063 100-149; NC 270-289; ND 580-588; OH 430-459;
OK 730-732 734-749; OR 970-979; PA 150-196; RI 028-029; SC 290-299; SD 570-577; TN 370-385; TX 733 750-799 885;
UT 840-847; VT 050-054 056-059; VA 201 220-246; WA 980-994; WV 247-268; WI 530-549; WY 820-831; PR 006-007 009; VI 008;
GU 969; MP 969; AS 967; AA 340; AE 090-099; AP 962-966
"""


def _prefixes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in _ZIPS.split(";"):
        state, *spans = entry.split()
        for span in spans:
            first, _, last = span.partition("-")
            for number in range(int(first), int(last or first) + 1):
                found.setdefault(f"{number:03}", set()).add(state)
    return {prefix: frozenset(states) for prefix, states in found.items()}


_STATES_OF_PREFIX = _prefixes()


def zip_lies_in(zip_code: str, state: str) -> bool:
    """True where the first three digits of the ZIP code are of the state."""
    return state in _STATES_OF_PREFIX.get(zip_code[:3], frozenset())


def county_lies_in(fips: str, state: str) -> bool:
    """True where the county's five digits begin with those of the state."""
    return fips[:2] == STATE_FIPS.get(state)
