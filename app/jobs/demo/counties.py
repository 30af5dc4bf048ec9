"""All counties of the state: where people come from, and how many live there in the demonstration."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.accounts.access import system
from app.domain.program.counties import COUNTIES
from app.domain.reporting.populations import ReplacePopulations, replace_populations
from app.domain.reporting.sample_populations import sample_numbers
from app.jobs.demo.stage import Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Town = tuple[str, str, str]
_SEATS = """
Graham 27253,Taylorsville 28681,Sparta 28675,Wadesboro 28170,Jefferson 28640,Newland 28657,Washington 27889,
Windsor 27983,Elizabethtown 28337,Bolivia 28422,Asheville 28801,Morganton 28655,Concord 28025,Lenoir 28645,Camden 27921,
Beaufort 28516,Yanceyville 27379,Newton 28658,Pittsboro 27312,Murphy 28906,Edenton 27932,Hayesville 28904,Shelby 28150,
Whiteville 28472,New Bern 28560,Fayetteville 28301,Currituck 27929,Manteo 27954,Lexington 27292,Mocksville 27028,
Kenansville 28349,Durham 27701,Tarboro 27886,Winston-Salem 27101,Louisburg 27549,Gastonia 28052,Gatesville 27938,
Robbinsville 28771,Oxford 27565,Snow Hill 28580,Greensboro 27401,Halifax 27839,Lillington 27546,Waynesville 28786,
Hendersonville 28792,Winton 27986,Raeford 28376,Swan Quarter 27885,Statesville 28677,Sylva 28779,Smithfield 27577,
Trenton 28585,Sanford 27330,Kinston 28501,Lincolnton 28092,Marion 28752,Franklin 28734,Marshall 28753,Williamston 27892,
Charlotte 28202,Bakersville 28705,Troy 27371,Carthage 28327,Nashville 27856,Wilmington 28401,Jackson 27845,
Jacksonville 28540,Hillsborough 27278,Bayboro 28515,Elizabeth City 27909,Burgaw 28425,Hertford 27944,Roxboro 27573,
Greenville 27834,Columbus 28722,Asheboro 27205,Rockingham 28379,Lumberton 28358,Wentworth 27375,Salisbury 28144,
Rutherfordton 28139,Clinton 28328,Laurinburg 28352,Albemarle 28001,Danbury 27016,Dobson 27017,Bryson City 28713,
Brevard 28712,Columbia 27925,Monroe 28112,Henderson 27536,Raleigh 27601,Warrenton 27589,Plymouth 27962,Boone 28607,
Goldsboro 27530,Wilkesboro 28697,Wilson 27893,Yadkinville 27055,Burnsville 28714
"""
"""The county seats in the order of COUNTIES."""
_FOR_ONE = 1_000
_AROUND, _OF_STATE = 10, 20


def _seats() -> list[Town]:
    named = [seat.strip().rpartition(" ") for seat in _SEATS.split(",")]
    return [(town, county.fips, zip_) for (town, _, zip_), county in zip(named, COUNTIES.entries, strict=True)]


SEATS = _seats()


def homes(stage: Stage, town: Town) -> Sequence[Town]:
    """Where people of a list live: a third in the town, the others over the state as its people do."""
    numbers = sample_numbers()
    weights = [numbers[(fips, "all", "all")] for _, fips, _ in SEATS]
    return [*[town] * _AROUND, *stage.chance.choices(SEATS, weights, k=_OF_STATE)]


def bring_in_populations(session: "Session", stage: Stage, size: float) -> None:
    """The sample made as small as the demonstration: with the whole state's people nobody would seem vaccinated."""
    for_one = round(_FOR_ONE / min(size, 1.0))
    numbers = {key: -(-people // for_one) for key, people in sample_numbers().items()}
    source = f"DEMONSTRATION, invented: one person for every {for_one:,} of the 2020 census"
    command = ReplacePopulations(numbers, source, never_published=True)
    replace_populations(session, system("demo"), command, now=stage.ago(100))
