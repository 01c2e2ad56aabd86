"""Briefs of films that are looked at: other scripts and directions, formulas, an upright format, variants of one brief."""

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {
    "arabic": """
title: رحلة قطرة الماء
prompt: اشرح دورة الماء للأطفال
language: ar
segment_length: 8
notes: |
  تُسخّن الشمس مياه البحر فيصعد البخار إلى السماء. حوالي 97% من ماء الأرض في المحيطات، وهو مالح.

  في الأعلى يبرد البخار ويتكثف على ذرات الغبار فتتكون السحب. يستعمل العلماء أقمار NASA لقياس المطر منذ عام 1997.

  ثم يسقط المطر على الجبال ويعود الماء (H2O) إلى البحر من جديد.
""",
    "hebrew": """
title: מסע של טיפת מים
prompt: הסבר את מחזור המים
language: he
segment_length: 8
notes: |
  השמש מחממת את הים, והמים עולים כאדים אל השמיים. כ-97% מהמים בעולם נמצאים באוקיינוסים.

  למעלה קר, והאדים מתעבים סביב גרגרי אבק ויוצרים ענן. הלוויין של NASA מודד גשם מאז 1997.

  הגשם יורד על ההרים, זורם בנהרות וחוזר אל הים.
""",
    "hindi": """
title: पानी की बूँद की यात्रा
prompt: जल चक्र समझाइए
language: hi
segment_length: 8
notes: |
  सूरज समुद्र के पानी को गरम करता है और पानी भाप बनकर ऊपर उठता है। पृथ्वी का लगभग 97% पानी महासागरों में है।

  ऊपर ठंड होती है, भाप धूल के कणों पर जम जाती है और बादल बनते हैं। वैज्ञानिक उपग्रह से वर्षा नापते हैं।

  फिर वर्षा पहाड़ों पर गिरती है, नदियों में बहती है और समुद्र में लौट जाती है।
""",
    "chinese": """
title: 一滴水的旅程
prompt: 用一滴水讲解水循环
language: zh
segment_length: 8
notes: |
  太阳照暖了大海，水变成水蒸气升上天空，盐却留在海里。地球上大约百分之九十七的水都在海洋中。

  高空很冷，水蒸气凝结在灰尘和盐粒上，形成了云。云里的小水滴越来越大，最后变成雨或雪落下来。

  雨水流进河流，渗入地下，被植物的根吸收，最后又回到大海。
""",
    "german": """
title: Wie der Buchdruck Europa veränderte
prompt: Erkläre den Buchdruck
language: de
segment_length: 8
images_per_segment: 2
notes: |
  Um 1450 druckte Johannes Gutenberg in Mainz mit beweglichen Lettern aus Metall. Am 3. Oktober 1454 erschien z. B.
  ein Ablassbrief; Dr. Fust lieh ihm dafür 800 Gulden.

  Bis 1500 gab es in Europa rund 1.000 Druckereien und ca. 20 Mio. Bücher.
  Ein Buch kostete nur noch 1/5 des früheren Preises, d. h. etwa 2,5 Gulden.

  Ludwig XIV. las später gedruckte Zeitungen. Die Donaudampfschifffahrtsgesellschaftskapitänsmütze kam erst danach.
""",
    "maths": """
title: "Roots and areas: √2, x² and ∫"
prompt: Explain square roots and areas to teenagers, with formulas
language: en
segment_length: 8
notes: |
  The area of a square with side x is x². If x² = 2, then x = √2 ≈ 1.414, which no fraction equals.

  For any right triangle, a² + b² = c². With a = 3 and b = 4, c = √(9 + 16) = 5.

  The integral ∫ x² dx from 0 to 1 equals 1/3 ≈ 0.333. As n → ∞, the sum Σ 1/n² → π²/6 ≈ 1.645, and 6×10^23 is a large number.
  5 ≤ 6 ≠ 7, ∀ε > 0 ∃δ > 0.
""",
    "upright": """
title: Why cats purr
prompt: Why do cats purr?
aspect_ratio: "9:16"
duration: 20
segment_length: 5
image_style: crayon
notes: |
  Cats purr when they are happy, but also when they are hurt.

  The muscles of the larynx twitch about thirty times a second.

  Such a low sound may even help bones to heal.
""",
}
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "card, soft captions": ("title_display=card", "captions=soft"),
    "no title, no captions": ("title_display=none", "captions=off"),
    "captions at the top": ("caption_place=top", "caption_size=large"),
    "1080p, loud music": ("resolution=1080p", "music_volume=200"),
    "no music": ("music_volume=0",),
}
"""Settings of the photosynthesis example."""
