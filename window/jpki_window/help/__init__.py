"""Help in the window: what is in the way, the guide, papers for the holder and for support, the counter, about."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "about_page": ("AboutPage",),
        "counter_start": (
            "run_counter",
            "run_counter_card",
        ),
        "doctor_page": ("DoctorPage",),
        "guide_page": ("GuidePage",),
        "papers_page": ("PapersPage",),
    },
)
