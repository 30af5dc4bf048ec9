"""First names by which people are called, beside those in their papers. Each line is one name; a word may be in several."""

_GROUPS = """
abigail abby gail|alexander alex al sandy|alexandra alex sandra sandy|andrew andy drew|anthony tony|antonio tony
barbara barb babs|benjamin ben|catherine katherine kathryn kate kathy cathy katie kay|charles charlie chuck
christopher chris|christine christina chris tina|cynthia cindy|daniel dan danny|david dave davy|deborah debra deb debbie
donald don donnie|dorothy dot dottie|edward ed eddie ted ned|eleanor ellie nell nora
elizabeth liz beth betty eliza lisa libby|eugene gene|francis frank|frances fran|francisco pancho paco
frederick fred freddie|gabriel gabe|gerald gerry jerry|gregory greg|guadalupe lupe|henry hank harry|isabel isabella bella
jacob jake|james jim jimmy jamie|janet jan|jeffrey geoffrey jeff|jennifer jen jenny|jessica jess jessie|jesus chuy
john jack johnny jon|jonathan jon|jose pepe|joseph joe joey|joshua josh|judith judy|kenneth ken kenny|kimberly kim
lawrence larry|leonard len lenny|louis lou|margaret maggie meg peggy marge|maria mary|matthew matt|michael mike mick
nancy nan|nathaniel nathan nate|nicholas nick|pamela pam|patricia pat patty trish|patrick pat|peter pete|philip phil
raymond ray|rebecca becky|richard rich rick dick|robert rob bob bobby robbie|ronald ron ronnie|rosa rose|samuel sam
samantha sam|sarah sally|stephen steven steve|susan sue susie|theodore ted teddy|theresa teresa terry|thomas tom tommy
timothy tim|victoria vicky|vincent vince|virginia ginny|walter walt|william bill billy will liam|zachary zach
"""
_NAMES: dict[str, set[int]] = {}
for _number, _group in enumerate(_GROUPS.strip().replace("\n", "|").split("|")):
    for _name in _group.split():
        _NAMES.setdefault(_name, set()).add(_number)


def same_by_nickname(one: str, other: str) -> bool:
    """True for two folded first names of which one is short for the other, or both are for a third."""
    return bool(_NAMES.get(one, set()) & _NAMES.get(other, set()))


def short_names(name: str) -> list[str]:
    """The other names that somebody of this first name may be called by; the name itself where none is known."""
    numbers = _NAMES.get(name.casefold(), set())
    return sorted(
        other.capitalize() for other in _NAMES if _NAMES[other] & numbers and other != name.casefold()
    ) or [name]
