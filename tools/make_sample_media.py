"""Make the demonstration's own video, captions and PDF anew: ``uv run --with imageio-ffmpeg python -m tools.make_sample_media``.

Slides drawn with Pillow, spoken by the house's voice, put together by ffmpeg (H.264 and AAC: what every phone plays); the sheet is written
with python-docx and printed by LibreOffice as tagged PDF. The three files are kept in config/seeding/files; nothing of this runs with the
product.
"""

from __future__ import annotations

import subprocess
import tempfile
from importlib import resources
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from PIL import Image, ImageDraw, ImageFont

from smarthd.channels.adapters.espeak import EspeakSpeaker
from smarthd.content.rules.captions import Cue, webvtt

FOLDER = Path(__file__).resolve().parent.parent / "config" / "seeding" / "files"
SIZE = (640, 360)
PAUSE_S = 0.6
INK, PAPER, ACCENT = (247, 246, 240), (12, 79, 91), (240, 173, 78)
SLIDES = (
    ("Chuẩn bị trước bão", "Video minh họa của bản dùng thử", "Bà con chuẩn bị trước khi bão vào."),
    ("1. Chằng mái, tỉa cành", "Làm khi trời còn lặng gió", "Một. Chằng lại mái, tỉa cành cây gần nhà."),
    ("2. Nước, thức ăn, thuốc", "Đủ cho ba ngày", "Hai. Trữ nước uống, thức ăn khô và thuốc cho ba ngày."),
    ("3. Sạc đầy điện thoại, đèn", "Để sẵn sạc dự phòng", "Ba. Sạc đầy điện thoại và đèn."),
    ("4. Ngắt cầu dao khi nước vào", "Không chạm dây điện rơi", "Bốn. Nước vào nhà thì ngắt cầu dao."),
    ("Gặp nạn: gọi 114", "Cứu nạn, gọi miễn phí", "Có người gặp nạn, gọi một một bốn."),
)


def main() -> None:
    """Write the three files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        found = make_video(Path(name), FOLDER / "chuan-bi-truoc-bao.mp4")
        (FOLDER / "chuan-bi-truoc-bao.vtt").write_text(webvtt(found), encoding="utf-8")
        make_sheet(Path(name), FOLDER / "viec-can-lam-truoc-bao.pdf")
    for made in sorted(FOLDER.iterdir()):
        print(f"{made.name}: {made.stat().st_size // 1024} kB")


def make_video(room: Path, target: Path) -> list[Cue]:
    """Draw, speak and join the slides; return when each sentence is said."""
    import imageio_ffmpeg

    ffmpeg, found, at, parts = imageio_ffmpeg.get_ffmpeg_exe(), [], 0.0, []
    for number, (title, below, said) in enumerate(SLIDES):
        spoken = EspeakSpeaker().speak(said)
        seconds = spoken.milliseconds / 1000 + PAUSE_S
        picture, sound, part = (room / f"{number}.{ending}" for ending in ("png", "mp3", "ts"))
        _slide(title, below).save(picture)
        sound.write_bytes(spoken.mp3)
        _run([ffmpeg, "-y", "-loop", "1", "-framerate", "10", "-i", picture, "-i", sound, "-af", "apad", "-t", f"{seconds:.3f}",
              "-c:v", "libx264", "-profile:v", "baseline", "-preset", "veryslow", "-tune", "stillimage", "-pix_fmt", "yuv420p", "-crf", "28",
              "-c:a", "aac", "-b:a", "40k", "-ac", "1", "-ar", "22050", part])  # fmt: skip
        found.append(Cue(round(at, 3), round(at + seconds - 0.1, 3), said))
        at += seconds
        parts.append(part)
    joined = "concat:" + "|".join(str(part) for part in parts)
    _run(
        [
            ffmpeg,
            "-y",
            "-i",
            joined,
            "-c",
            "copy",
            "-movflags",
            "+faststart",
            "-map_metadata",
            "-1",
            "-bitexact",
            target,
        ]
    )
    return found


def _slide(title: str, below: str) -> Image.Image:
    slide = Image.new("RGB", SIZE, PAPER)
    drawn = ImageDraw.Draw(slide)
    drawn.rectangle((0, 0, 12, SIZE[1]), fill=ACCENT)
    drawn.text((48, 120), title, font=_font("Bold", 40), fill=INK)
    drawn.text((48, 190), below, font=_font("Regular", 26), fill=INK)
    return slide


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resources.files("font_roboto") / "files" / f"Roboto-{weight}.ttf"), size)


def make_sheet(room: Path, target: Path) -> None:
    """Write one page to print: headings, a list and a table, with tags, title and language."""
    sheet = Document()
    sheet.core_properties.title = "Việc cần làm trước bão"
    for told in sheet.styles.element.iter(qn("w:lang")):
        told.set(qn("w:val"), "vi-VN")
    sheet.add_heading("Việc cần làm trước bão", 1)
    sheet.add_paragraph("Tờ minh họa của bản dùng thử. In ra, dán ở chỗ cả nhà thấy.")
    sheet.add_heading("Ba ngày trước", 2)
    for line in (
        "Chằng lại mái, tỉa cành cây gần nhà.",
        "Trữ nước uống, thức ăn khô, thuốc cho ba ngày.",
        "Sạc đầy điện thoại, đèn.",
    ):
        sheet.add_paragraph(line, style="List Bullet")
    sheet.add_heading("Ai làm việc gì", 2)
    table = sheet.add_table(rows=1, cols=3)
    rows = [("Việc", "Ai làm", "Xong chưa"), ("Chằng mái", "", ""), ("Trữ nước", "", ""), ("Sạc đèn", "", "")]
    for cell, name in zip(table.rows[0].cells, rows[0], strict=True):
        cell.text = name
    for row in rows[1:]:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    sheet.add_heading("Gọi ai", 2)
    sheet.add_paragraph("Cứu nạn: 114. Cấp cứu: 115. Công an: 113.")
    written = room / f"{target.stem}.docx"
    sheet.save(str(written))
    options = '{"UseTaggedPDF":{"type":"boolean","value":"true"},"PDFUACompliance":{"type":"boolean","value":"true"}}'
    _run(["soffice", "--headless", f"-env:UserInstallation=file://{room}/office", "--convert-to", f"pdf:writer_pdf_Export:{options}",
          "--outdir", room, written])  # fmt: skip
    target.write_bytes((room / f"{target.stem}.pdf").read_bytes())


def _run(command: list[object]) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


if __name__ == "__main__":
    main()
