"""One contender in a process of its own: Pillow, or commands. A line of JSON comes with each round's files."""

import io
import json
import os
import resource
import sys
import time

SIZES = (("thumbnail", 200), ("medium", 800), ("large", 1600))


def pillow(file, keep):
    from PIL import Image, ImageCms, ImageOps

    with Image.open(file) as opened:
        image = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
    made = []
    for name, side in SIZES:
        box = (side, side)
        if name == "thumbnail":
            sized = ImageOps.fit(image, box, Image.Resampling.LANCZOS)
        else:
            sized = image.copy()
            sized.thumbnail(box, Image.Resampling.LANCZOS)
        if profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            sized = ImageCms.profileToProfile(sized, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        sized.info.pop("icc_profile", None)
        sized.info.pop("exif", None)
        for extension, format, options in (
            ("webp", "WEBP", {"quality": 80, "method": 2}),
            ("jpg", "JPEG", {"quality": 80, "progressive": True, "optimize": True}),
        ):
            encoded = io.BytesIO()
            sized.save(encoded, format, **options)
            made.append((f"{name}.{extension}", encoded.getvalue()))
    if keep is not None:
        for name, content in made:
            with open(os.path.join(keep, name), "wb") as target:
                target.write(content)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime, peak_memory()


def peak_memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def commands(lines):
    """Each command in turn, as a shell script has them: CPU seconds of all, peak memory of the largest."""
    cpu = peak = 0
    for line in lines:
        child = os.posix_spawnp(line[0], line, os.environ)
        _, status, usage = os.wait4(child, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise SystemExit(f"{' '.join(line)} failed")
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss * 1024)
    return cpu, peak


before = 0.0
if sys.argv[1] == "pillow":
    import PIL.Image  # noqa: F401  what every round needs is loaded before the first

for line in sys.stdin:
    round = json.loads(line)
    if sys.argv[1] == "pillow":
        usage = resource.getrusage(resource.RUSAGE_SELF)
        before = usage.ru_utime + usage.ru_stime
    begin = time.perf_counter()
    if sys.argv[1] == "pillow":
        cpu, peak = pillow(round["file"], round.get("out"))
    else:
        cpu, peak = commands(round["commands"])
    wall = time.perf_counter() - begin
    print(
        json.dumps({"wallMs": 1000 * wall, "cpuMs": 1000 * (cpu - before), "peakBytes": peak}),
        flush=True,
    )
