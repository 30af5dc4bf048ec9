# ruff: noqa: SIM905 - tables of names, kept narrow enough to read
"""A million believable organizations: chains with many sites, family firms, and names that occur once."""

import random
from collections.abc import Iterator

from app.domain.organizations.models import Organization
from app.domain.program.industries import INDUSTRIES
from app.infra.clock import now

_CHAINS = (
    "Food Lion;Harris Teeter;Ingles Markets;Piggly Wiggly;Walmart Supercenter;Target;Lowe's Home Improvement;"
    "Dollar General;Family Dollar;Circle K;Sheetz;Bojangles;Cook Out;Biscuitville;Hardee's;Waffle House;"
    "Tractor Supply;Advance Auto Parts;Smithfield Foods;Butterball;Mountaire Farms;Duke Energy;Piedmont Gas;"
    "First Citizens Bank;Truist;State Employees' Credit Union;Goodwill Industries;Salvation Army;YMCA;"
    "Boys & Girls Club;Bright Horizons;KinderCare;Volvo Trucks;Coca-Cola Consolidated;Old Dominion Freight Line"
).split(";")
FAMILIES = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Wilson Anderson "
    "Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson "
    "Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera "
    "Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes "
    "Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard "
    "Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price "
    "Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell "
    "Coleman Butler Henderson Barnes Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham "
    "Locklear Oxendine Lowery Pittman Batchelor Faircloth Honeycutt Whitfield Yarborough Zamora Quinn O'Neal"
).split()
_TRADES = (
    "Farms;Foods;Construction;Builders;Plumbing;Electric;Heating and Air;Trucking;Logistics;Auto Repair;Towing;"
    "Landscaping;Nursery;Dairy;Poultry;Seafood;Bakery;Catering;Grill;Barbecue;Cafe;Grocery;Hardware;Lumber;"
    "Furniture;Textiles;Hosiery;Machine Works;Steel;Plastics;Packaging;Printing;Cleaners;Laundry;Child Care;"
    "Academy;Christian School;Learning Center;Funeral Home;Insurance Agency;Realty;Properties;Bank;Credit Union;"
    "Transit;Bus Lines;Courier;Warehouse;Storage;Security;Fire Department;Rescue Squad;Water Works;Septic;"
    "Recycling;Solar;Energy;Technologies;Software;Communications;Staffing;Janitorial Services;Pest Control"
).split(";")
_ENDS = ("", "", "", " Inc", " LLC", " LLC", " Co", " & Sons", " Brothers", " of North Carolina", " Group")
PLACES = (
    "Charlotte 28202 85;Raleigh 27601 46;Greensboro 27401 29;Durham 27701 27;Winston-Salem 27101 24;"
    "Fayetteville 28301 21;Cary 27511 17;Wilmington 28401 12;High Point 27260 11;Concord 28025 9;Asheville 28801 9;"
    "Greenville 27834 9;Gastonia 28052 7;Jacksonville 28540 7;Chapel Hill 27514 6;Huntersville 28078 5;"
    "Rocky Mount 27801 5;Burlington 27215 5;Wilson 27893 4;Kannapolis 28081 4;Hickory 28601 4;Goldsboro 27530 3;"
    "New Bern 28560 3;Salisbury 28144 3;Monroe 28110 3;Sanford 27330 3;Lumberton 28358 2;Asheboro 27203 3;"
    "Boone 28607 2;Elizabeth City 27909 2;Kinston 28501 2;Mount Airy 27030 1;Murphy 28906 1;Manteo 27954 1"
).split(";")
_STREETS = (
    "Main;Church;Market;Trade;Oak;Elm;Maple;Depot;Mill;College;Airport;Industrial;Tryon;Independence".split(
        ";"
    )
)
_WAYS = ("St", "Ave", "Rd", "Dr", "Blvd", "Hwy")
_STARTS = "bra kel vor mys tan dru pel sor quin zen lum cor fal gre hol jas ker mon nor oly".split()
_MIDDLES = "a e i o u an el or is um".split()
_TAILS = "tek dyne via mar lon rix tal gen sys wood bridge vale".split()


def organizations(count: int, *, seed: int = 2021) -> Iterator[Organization]:
    """So many organizations, the same ones every time."""
    chance = random.Random(seed)
    places = [place.rsplit(" ", 2) for place in PLACES]
    shares = [int(share) for _, _, share in places]
    industries = [industry.code for industry in INDUSTRIES.entries]
    for city, code, _ in chance.choices(places, shares, k=count):
        yield Organization(
            name=_name(chance, city),
            industry=chance.choice(industries),
            street=f"{chance.randrange(1, 9999)} {chance.choice(_STREETS)} {chance.choice(_WAYS)}",
            city=city,
            state_abbr="NC",
            zip=str(int(code) + chance.randrange(8)),
            created_at=now(),
        )


def _name(chance: random.Random, city: str) -> str:
    kind = chance.random()
    if kind < 0.12:
        return f"{chance.choice(_CHAINS)} #{chance.randrange(1, 3000)}"
    if kind < 0.2:
        return f"{city} {chance.choice(_TRADES)}{chance.choice(_ENDS)}"
    if kind < 0.35:
        made = (
            chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_STARTS) + chance.choice(_TAILS)
        )
        return f"{made.title()} {chance.choice(_TRADES)}{chance.choice(_ENDS)}"
    first = chance.choice(FAMILIES)
    if kind < 0.6:
        return f"{first} and {chance.choice(FAMILIES)} {chance.choice(_TRADES)}{chance.choice(_ENDS)}"
    return f"{first} {chance.choice(_TRADES)}{chance.choice(_ENDS)}"
