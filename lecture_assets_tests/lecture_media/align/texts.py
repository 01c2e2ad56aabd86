"""What is said in the tests of alignment: English prose with numbers and pauses, 633 words, and a German text."""

ENGLISH = (
    (
        "With the energy stored from the light, the plant joins carbon dioxide from the air into sugar, step by step, "
        "in the Calvin cycle. The sugar feeds the plant, becomes wood and seed, and in the end feeds nearly everything "
        "that eats."
    ),
    (
        "Plants make their own food. In the leaf, inside tiny green bodies called chloroplasts, the pigment chlorophyll "
        "catches sunlight, mostly the red and the blue of it, and throws the green back, which is why leaves look "
        "green."
    ),
    (
        "The caught light splits water, drawn up from the roots, into hydrogen and oxygen. The oxygen leaves through "
        "pores called stomata. Nearly all the oxygen that animals breathe was made this way."
    ),
    "High up the air is cold, the vapour condenses on specks of dust and salt, and a cloud appears.",
    (
        "TCP gives two programs a reliable stream of bytes over a network that may lose, repeat and reorder packets. To "
        "notice loss, every byte has a number, and both sides must first agree where the numbering starts."
    ),
    "The client sends SYN with its initial sequence number, chosen so that an attacker cannot guess it.",
    (
        "The server answers SYN and ACK in one packet: its own initial sequence number, and the client's number plus "
        'one, which says "I heard you".'
    ),
    (
        "The client answers ACK with the server's number plus one. Only now does the server know that its own number "
        "arrived. With two packets it would not: the server would be speaking into the dark."
    ),
    (
        "A server that keeps state after the first packet can be flooded with SYNs that are never finished. SYN cookies "
        "put that state into the sequence number itself, so that nothing is stored until the third packet comes back."
    ),
    (
        "The sun warms the sea and a drop leaves it as vapour; the salt stays behind. About nine tenths of the water in "
        "the air rose from the oceans."
    ),
    "When droplets grow too heavy they fall as rain or snow, some onto mountains where ice may keep them for thousands of years.",
    "What falls runs off into rivers or sinks into the ground, is drunk by roots and animals, and reaches the sea again.",
    (
        "Volcanoes form where the crust of the Earth is thin or torn. Gas pushes the melted rock upwards, and once the "
        "pressure is greater than the weight of the rock above it, the mountain opens. Some eruptions last for hours, "
        "others for years. In 1815 Tambora threw out 150 cubic kilometres of ash, and the following summer stayed so "
        "cold that harvests failed from New England to Germany."
    ),
    (
        "When Gutenberg cast the first letters of type around 1450, a book cost as much as a farm. He melted lead, tin "
        "and antimony, poured the metal into a mould that a hand could open, and got a letter every few seconds. Fifty "
        "years later there were 20 million printed books in Europe. Whoever could read no longer had to believe what "
        "was read aloud."
    ),
    (
        "A cat purrs with a muscle in its throat that opens and closes the gap between the vocal folds about 25 times "
        "each second, while it breathes in and while it breathes out. Nobody knows for certain why. It purrs when it is "
        "content, but also when it is hurt, and some vets believe that the vibration helps bones to heal. Mother and "
        "kittens find each other by it in the dark, long before the kittens can see."
    ),
    (
        "Money is a promise. A coin of gold was worth something by itself; a note of paper is worth only what the next "
        "person gives for it. That works as long as everybody believes it, and it stops overnight when they do not: in "
        "November 1923 a loaf of bread cost 200 billion marks in Berlin, and people carried their wages home in "
        "baskets."
    ),
)
GERMAN = (
    "Pflanzen machen ihre Nahrung selbst. Im Blatt fängt ein grüner Farbstoff das Licht der Sonne ein, vor allem "
    "das rote und das blaue, und wirft das grüne zurück. Deshalb sehen die Blätter grün aus."
)
