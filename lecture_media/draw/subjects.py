"""What can be drawn: each subject with the words for it, and where in a picture it belongs.

`drawings/` draws them. A word that is missing here is not an error: the painter writes it as text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from lecture_media.words import words


class Spot(StrEnum):
    """Where in a picture a subject belongs."""

    SKY = "sky"
    GROUND = "ground"
    FLOAT = "float"
    UNDER = "under"
    SEA = "sea"


class Place(StrEnum):
    """What surrounds a subject."""

    LAND = "land"
    SEA = "sea"
    SPACE = "space"
    MICRO = "micro"
    TOWN = "town"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Subject:
    """One row. name: also the name of its drawing."""

    name: str
    spot: Spot
    place: Place
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A subject where a text names it, with the word it used."""

    subject: Subject
    word: str


_ROWS = """
sun          sky    land   sun sunlight sunshine sunbeam solar sonne sonnenlicht soleil sol
light        sky    land   light ray rays beam photon licht lumière luz
leaf         float  land   leaf leaves foliage blatt blätter feuille hoja
plant        ground land   plant seedling sprout crop vegetation herb pflanze plante planta agriculture
tree         ground land   tree forest oak baum wald arbre árbol
wood         ground land   wood timber trunk log holz
root         under  land   root wurzel racine raíz
seed         under  land   seed grain samen
flower       ground land   flower blossom petal bloom blume fleur flor
chloroplast  float  micro  chloroplast chlorophyll pigment thylakoid
cell         float  micro  cell tissue organism membrane zelle cellule célula
stoma        float  micro  stoma stomata pore
drop         float  sea    water drop droplet raindrop liquid wasser tropfen eau goutte agua
vapour       sky    sea    vapour vapor steam evaporation humidity dampf vapeur
rain         sky    sea    rain storm rainfall shower regen pluie lluvia
snow         sky    land   snow snowflake winter frost schnee neige nieve
cloud        sky    sea    cloud clouds wolke nuage nube
sea          sea    sea    sea ocean oceans tide meer ozean mer océan mar
river        ground land   river brook creek valley runoff fluss rivière río
mountain     ground land   mountain mountains hill peak alps berg montagne montaña
ice          ground land   ice glacier iceberg eis glace hielo
volcano      ground land   volcano lava magma eruption vulkan
animal       ground land   animal animals deer mammal creature tier animaux
bird         sky    land   bird eagle wing vogel oiseau pájaro
fish         sea    sea    fish whale shark fisch poisson
bee          sky    land   bee insect pollinator hive honey biene abeille butterfly
air          sky    land   air wind breath breeze atmosphere breeze luft vent aire
sky          sky    land   sky heaven himmel ciel cielo
oxygen       float  micro  oxygen o2 sauerstoff oxygène
hydrogen     float  micro  hydrogen h2 wasserstoff
carbon       float  micro  carbon_dioxide carbon co2 kohlenstoff methane greenhouse
molecule     float  micro  molecule compound nitrogen gas chemical chemistry reaction moleküle
sugar        float  micro  sugar glucose carbohydrate starch zucker sucre azúcar
dust         float  land   dust speck specks staub
salt         float  sea    salt crystal mineral salz sel
cycle        float  room   cycle circle loop recycle kreislauf
computer     float  town   client computer laptop software browser app program programs user
server       float  town   server host backend datacenter database
packet       float  town   packet message envelope mail letter email
bytes        float  town   byte bytes stream binary bits
number       float  room   sequence_number number sequence digit mathematics arithmetic zahl nombre número
lock         float  room   lock security secure encryption password safe
key          float  room   key keys secret
attacker     float  town   attacker hacker thief spy intruder
cookie       float  room   cookie cookies
clock        float  room   clock hour minute schedule timeline uhr
network      float  town   network internet web connection connections router netz
code         float  room   code algorithm programming function script python
book         float  room   book library literature chapter buch livre libro notes
bulb         float  room   idea ideas lightbulb insight invention thought discovery
brain        float  room   brain mind memory intelligence learning gehirn cerveau
neuron       float  micro  neuron nerve synapse
earth        float  space  earth world globe climate erde terre tierra
planet       float  space  planet saturn jupiter mars venus orbit
moon         sky    space  moon lunar eclipse mond lune luna
star         sky    space  star stars constellation stern étoile
galaxy       float  space  galaxy universe cosmos nebula milky
black-hole   float  space  black_hole black_holes singularity event_horizon
rocket       float  space  rocket spaceship spacecraft launch satellite astronaut rakete
telescope    ground space  telescope astronomer astronomy
microscope   ground room   microscope laboratory lab scientist
magnifier    float  room   magnifier magnifying_glass clue evidence detail detective
flask        ground room   flask experiment test_tube beaker acid
atom         float  micro  atom electron nucleus proton quantum neutron
heart        float  room   heart pulse love herz
blood        float  micro  blood artery vein hemoglobin
eye          float  room   eye eyes sight vision auge
bone         float  room   bone skeleton fossil dinosaur
person       ground room   person child man woman student teacher human boy girl mensch
people       ground town   people crowd citizen citizens society population community public
city         ground town   city cities town skyscraper urban stadt ville ciudad
house        ground town   house home building haus maison casa
factory      ground town   factory industry industrial smoke pollution fabrik
castle       ground land   castle palace fortress tower bastille prison
crown        float  room   crown king queen monarch monarchy emperor empire nobles
flag         ground town   flag revolution nation country republic independence france french
scales       float  room   justice law balance equality rights court liberty
scroll       float  room   scroll constitution treaty declaration parliament document
sword        float  room   sword war battle army soldier soldiers fight
coin         float  room   coin coins money price cost economy inflation bank geld
chart        float  room   chart statistics growth measurement trend
magnet       float  room   magnet magnetic magnetism
lightning    sky    land   lightning electricity electric current voltage thunder strom
battery      float  room   battery charge lithium
fire         ground land   fire flame heat burn burning combustion feuer feu fuego
thermometer  float  room   thermometer temperature
gear         float  room   gear gears machine mechanism engine motor
map          float  room   map route geography
note         float  room   music song melody rhythm musik musique
wave         float  room   wave waves sound frequency wavelength vibration signal
prism        float  room   prism spectrum rainbow colour color
bacteria     float  micro  bacteria bacterium germ microbe
virus        float  micro  virus viruses infection pathogen disease
antibody     float  micro  antibody antibodies
syringe      float  room   vaccine vaccines vaccination syringe injection medicine
shield       float  room   shield immune immunity protection defence defense protect
dna          float  micro  dna gene genes genetic chromosome
apple        float  room   apple food fruit gravity eat nutrition
ship         sea    sea    ship boat sail sailor
car          ground town   car vehicle traffic road
plane        sky    land   plane aircraft airplane flight
question     float  room   question questions mystery riddle
speech       float  room   speech language conversation hello speech_bubble
bicycle      ground town   bicycle bike cycling cyclist fahrrad vélo bicicleta
train        ground town   train railway locomotive rail zug
bridge       ground town   bridge brücke pont puente
robot        ground room   robot artificial_intelligence automation machine_learning
guitar       float  room   guitar violin instrument
palette      float  room   art painter artist renaissance kunst
pencil       float  room   pencil pen writing writer poem poetry poet novel essay
cup          float  room   cup coffee tea kaffee café
bread        float  room   bread wheat yeast flour bakery brot
ball         float  room   ball football soccer sport sports
hand         float  room   hand hands finger
ear          float  room   ear ears hearing
pyramid      ground land   pyramid pyramids egypt pharaoh
mushroom     ground land   mushroom fungus fungi mycelium pilz
banner       float  room   banner
mistake      float  room   mistake error loss
"""
SUBJECTS: Mapping[str, Subject] = {
    name: Subject(name, Spot(spot), Place(place), tuple(called))
    for name, spot, place, *called in (row.split() for row in _ROWS.strip().splitlines())
}
"""Every subject by its name."""

_COMPANY = """
syringe: virus shield antibody
virus: cell antibody shield
flag: people castle scroll
crown: castle people sword
black-hole: star galaxy planet
star: galaxy planet moon
planet: star moon rocket
earth: moon star rocket
moon: star earth rocket
rocket: earth star moon
galaxy: star planet telescope
brain: neuron bulb book
neuron: brain dna cell
sky: sun cloud bird
sun: cloud plant bird
leaf: sun drop bee
plant: sun bee drop
tree: sun bird cloud
flower: bee sun leaf
sea: fish ship cloud
drop: cloud leaf sea
cell: dna bacteria molecule
dna: cell molecule microscope
atom: molecule wave magnet
coin: chart scales people
chart: coin people clock
gear: bulb lightning clock
computer: network code lock
network: computer server packet
sword: shield castle flag
heart: blood person clock
wave: note speech eye
fire: wood air thermometer
fish: sea ship bird
bee: flower sun tree
map: ship mountain city
city: people car house
bacteria: microscope cell antibody
lightning: cloud battery bulb
magnet: battery atom wave
volcano: mountain fire air
book: bulb question clock
bicycle: person gear house
train: factory city clock
bridge: river car people
robot: brain code gear
guitar: note wave ear
palette: eye person book
pencil: book scroll bulb
cup: person clock book
bread: plant fire hand
ball: people clock chart
hand: brain bone heart
ear: wave brain note
pyramid: sun people crown
mushroom: tree root leaf
banner: book bulb map
"""
COMPANIONS: Mapping[str, tuple[str, ...]] = {
    name: tuple(others.split()) for name, others in (row.split(":") for row in _COMPANY.strip().splitlines())
}
"""What usually goes with a subject, for pictures that name little else."""
_BY_WORD: Mapping[str, Subject] = {called: row for row in SUBJECTS.values() for called in row.called}


def _singulars(word: str) -> tuple[str, ...]:
    endings = (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ed", ""))
    return word, *(
        word.removesuffix(end) + instead for end, instead in endings if word.endswith(end) and len(word) > len(end) + 2
    )


_VERB_TOO = frozenset({"leaves", "waves", "wave", "charge", "fire", "burn", "burning", "flood", "note", "count", "light"})
_PRONOUNS_AND_PREPOSITIONS = "it them us him her me you the a an through to its their his this that into from"
_AFTER_A_VERB = frozenset(_PRONOUNS_AND_PREPOSITIONS.split())


def subject_of(word: str) -> Subject | None:
    """Return the subject for a word in the singular or plural; two words joined by an underscore are one."""
    return next((_BY_WORD[form] for form in _singulars(word.lower()) if form in _BY_WORD), None)


def _by_name(mention: Mention) -> bool:
    """Whether the word is the subject's own name, which says more than another one (`chloroplasts`, not `pigment`)."""
    return mention.subject.called[0].replace("_", " ") in _singulars(mention.word.lower())


def mentions(text: str) -> list[Mention]:
    """Return the subjects a text names, in order, each once, under its own name if the text uses it."""
    found: dict[str, Mention] = {}
    spoken = words(re.sub(r"[-‐]", " ", text))
    for word, after in pairwise([*spoken, ""]):
        if _VERB_TOO.intersection(_singulars(word.lower())) and after.lower() in _AFTER_A_VERB:
            continue
        pair = f"{word}_{after}" if after else ""
        subject = subject_of(pair) if pair else None
        named = Mention(subject, pair.replace("_", " ")) if subject else None
        if named is None and (single := subject_of(word)):
            named = Mention(single, word)
        if named and (named.subject.name not in found or _by_name(named)):
            found[named.subject.name] = named
    return list(found.values())
