"""Writes the files of this folder: names of customers in the encodings that exports come in.

Run with Python 3.11: python3 make.py
"""

from pathlib import Path

TEXTS = {
    "western": [
        "Café Noël", "Müller & Söhne", "Société Générale", "Straße 5", "Señor Núñez", "São João",
        "Åse Ødegård", "L’Étoile d’Or", "Ängelholms Kött", "Œuvres – Réunies", "Acme® Plus™",
        "« École »", "“Über”", "100 €", "Güney", "Þór Jónsson", "GRÖSSE",
        "Fußgängerübergänge", "œil-de-bœuf", "naïve", "Ça va?", "10 m²", "½ price", "£5 off",
    ],
    "japanese": ["顧客一", "株式会社テスト", "山田太郎", "さとう商店", "東京カフェ"],
    "kana": ["ﾔﾏﾀﾞ", "ｽｽﾞｷ", "ﾀﾅｶ"],
    "chinese": ["客户一", "北京科技有限公司", "张伟", "李娜", "上海贸易"],
    "traditional": ["客戶一", "臺北科技", "陳大文", "王小明", "貿易公司"],
    "korean": ["고객", "김철수", "서울무역", "주식회사 한국", "이영희"],
    "russian": ["Иванов", "ООО Ромашка", "Пётр Петров", "Москва", "Клиент"],
    "greek": ["Πελάτης", "Αθήνα", "Γιώργος", "Εταιρεία"],
    "polish": ["Michałowski", "Łódź", "Żółć", "Spółka", "Wałęsa", "Święty"],
}

ENCODINGS = {
    "western": ["utf-8", "cp1252", "utf-16-le", "utf-16-be"],
    "japanese": ["utf-8", "shift_jis", "euc_jp", "iso2022_jp", "utf-16-le"],
    "kana": ["utf-8", "shift_jis"],
    "chinese": ["utf-8", "gb18030"],
    "traditional": ["utf-8", "big5"],
    "korean": ["utf-8", "euc_kr"],
    "russian": ["utf-8", "cp1251", "koi8_r", "utf-16-be"],
    "greek": ["utf-8", "cp1253"],
    "polish": ["utf-8", "cp1250"],
}

FOLDER = Path(__file__).parent

for language, names in TEXTS.items():
    lines = ["customer_id,start_date,mrr"]
    lines += [f"{name},2024-01-{day:02},{day}.50" for day, name in enumerate(names, 1)]
    text = "".join(line + "\r\n" for line in lines)
    for encoding in ENCODINGS[language]:
        (FOLDER / f"{language}.{encoding}.csv").write_bytes(text.encode(encoding))
