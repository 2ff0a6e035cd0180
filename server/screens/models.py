"""What a unit changed on its kiosks, as people edit it; `server.screens.publish` makes of it what kiosks are told."""

import re
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from server.places.models import Counter, Unit
from sync.choices import DEFAULT_REASONS
from sync.crockford import random_text
from sync.shown import FORM_ADDRESS_PATTERN, LANGUAGE_PATTERN, MAX_FORM_ADDRESS, MAX_LABEL, MAX_NOTICE, MAX_SENTENCE

_STANDARD = {reason.id: reason for reason in DEFAULT_REASONS}
_STANDARD_CHOICES = [
    (answer, [(reason.id, reason.words["vi"]) for reason in DEFAULT_REASONS if reason.rating == rating])
    for rating, answer in (("dissatisfied", "Không hài lòng"), ("satisfied", "Hài lòng"))
]
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_LINES = 3

language_code = RegexValidator(LANGUAGE_PATTERN, "Cần mã ngôn ngữ, ví dụ: vi, en, km (Khmer), hmn (H'Mông).")
form_address = RegexValidator(
    FORM_ADDRESS_PATTERN,
    "Cần địa chỉ https bằng chữ thường, không có đường dẫn, ví dụ: https://hailong.tinh.gov.vn",
)
one_line = RegexValidator(r"^[^\x00-\x1f\x7f]*\Z", "Chỉ được một dòng, không có ký tự điều khiển.")


def validate_sentence(words: str) -> None:
    """Raises ValidationError for more lines than a screen has room for, for empty ones, and for control characters."""
    lines = words.splitlines()
    if len(lines) > _LINES or not all(line.strip() for line in lines):
        raise ValidationError(f"Tối đa {_LINES} dòng, không để dòng trống.")
    if _CONTROL.search("\n".join(lines)):
        raise ValidationError("Có ký tự điều khiển (ví dụ: tab). Xin xóa đi.")


class Screens(models.Model):
    """What the kiosks of a unit, and of those below it that say nothing else, or the kiosk of one counter, show instead of what
    they bring along.

    place: the id of the unit or of the counter. technician: the `sync.pins.PinHash` of what opens the technician's screen, or empty.
    """

    place = models.CharField(max_length=64, primary_key=True, editable=False)
    unit = models.OneToOneField(Unit, models.CASCADE, null=True, blank=True, verbose_name="đơn vị", related_name="screens")
    counter = models.OneToOneField(Counter, models.CASCADE, null=True, blank=True, verbose_name="quầy", related_name="screens")
    idle_seconds = models.PositiveSmallIntegerField(
        "số giây chờ khi không ai chạm",
        null=True,
        blank=True,
        validators=[MinValueValidator(15), MaxValueValidator(120)],
        help_text="Từ 15 đến 120. Để trống: như cấp trên, hoặc 20.",
    )
    thanks_seconds = models.PositiveSmallIntegerField(
        "số giây hiện lời cảm ơn",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="Từ 1 đến 30. Để trống: như cấp trên, hoặc 4.",
    )
    without_officer = models.CharField(
        "khi không có cán bộ trực",
        max_length=8,
        default="",
        blank=True,
        choices=[("rate", "vẫn nhận đánh giá cho quầy"), ("rest", "màn hình nghỉ, không nhận đánh giá")],
        help_text="Để trống: như cấp trên, hoặc vẫn nhận đánh giá cho quầy.",
    )
    technician = models.CharField("mã PIN của kỹ thuật viên", max_length=128, default="", blank=True, editable=False)

    form_address = models.CharField(
        "địa chỉ công khai của máy chủ",
        max_length=MAX_FORM_ADDRESS,
        default="",
        blank=True,
        validators=[form_address],
        help_text="Ví dụ: https://hailong.tinh.gov.vn. Kiosk hiện mã QR để người dân viết góp ý trên điện thoại của mình qua địa chỉ này. "
        "Để trống: như cấp trên, hoặc không hiện mã.",
    )

    class Meta:
        verbose_name = "màn hình của đơn vị hoặc quầy"
        verbose_name_plural = "màn hình của đơn vị hoặc quầy"
        ordering = ["unit__name", "counter__name"]

    def __str__(self) -> str:
        return str(self.unit or self.counter)

    def clean(self) -> None:
        """Of a unit or of a counter, and none that has its page already."""
        if (self.unit is None) == (self.counter is None):
            raise ValidationError("Xin chọn một đơn vị, hoặc một quầy, không cả hai.")

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        """Keep it under the id of its place."""
        self.place = self.unit_id or self.counter_id or ""
        super().save(*args, **options)

    @property
    def of_unit(self) -> Unit:
        """The unit, or the counter's."""
        place = self.unit or self.counter
        return place if isinstance(place, Unit) else place.unit  # type: ignore[union-attr] # one of the two is there


class Sentence(models.Model):
    """One sentence in one language, instead of the kiosk's own."""

    class Key(models.TextChoices):
        """Where it stands; but for `reception` the keys of `sync.wire.KioskConfig.texts`."""

        QUESTION = "question", "Câu hỏi (trên hai câu trả lời)"
        APOLOGY = "apology", "Lời xin lỗi (sau “Không hài lòng”)"
        GOOD = "good", "Lời hỏi (sau “Hài lòng”)"
        THANKS = "thanks", "Lời cảm ơn"
        THANKS_SENTENCE = "thanks_sentence", "Câu dưới lời cảm ơn"
        REST = "rest", "Lời mời chạm (màn hình nghỉ)"
        RECEPTION = "reception", "Lịch tiếp công dân (màn hình nghỉ)"

    screens = models.ForeignKey(Screens, models.CASCADE, related_name="sentences")
    key = models.CharField("chỗ hiện", max_length=32, choices=Key)
    language = models.CharField("ngôn ngữ", max_length=12, default="vi", validators=[language_code])
    words = models.TextField("lời", max_length=MAX_SENTENCE, validators=[MaxLengthValidator(MAX_SENTENCE), validate_sentence])

    class Meta:
        verbose_name = "lời trên màn hình"
        verbose_name_plural = "lời trên màn hình (để trống: dùng lời của cấp trên, hoặc lời có sẵn)"
        ordering = ["key", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["screens", "key", "language"],
                name="one_sentence_per_key_and_language",
                violation_error_message="Chỗ này đã có lời bằng ngôn ngữ này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} ({self.language})"

    def clean(self) -> None:
        """Line ends as the wire has them; and the rest screen has less room."""
        self.words = "\n".join(line.strip() for line in self.words.splitlines())
        if self.key == Sentence.Key.RECEPTION and (len(self.words) > MAX_NOTICE or "\n" in self.words):
            raise ValidationError({"words": f"Lịch tiếp công dân: một dòng, tối đa {MAX_NOTICE} ký tự."})


class OwnReason(models.Model):
    """A reason that a unit offers. Entries carry its id, so that, once given, keeps its meaning: it is not renamed, not deleted and
    not given again; the words may get better.
    """

    class Rating(models.TextChoices):
        """After which answer it is offered."""

        DISSATISFIED = "dissatisfied", "Không hài lòng"
        SATISFIED = "satisfied", "Hài lòng"

    screens = models.ForeignKey(Screens, models.CASCADE, related_name="reasons")
    name = models.CharField("mã", max_length=32, editable=False, db_index=True)
    standard = models.CharField(
        "theo lý do có sẵn",
        max_length=32,
        blank=True,
        default="",
        choices=_STANDARD_CHOICES,
        help_text="Chọn khi chỉ đổi lời của lý do có sẵn; để trống khi thêm lý do mới.",
    )
    rating = models.CharField("sau câu trả lời", max_length=16, choices=Rating)
    icon = models.CharField("hình", max_length=32, default="other-bad", choices=_STANDARD_CHOICES)
    vietnamese = models.CharField("tiếng Việt", max_length=MAX_LABEL, validators=[one_line])
    english = models.CharField("tiếng Anh", max_length=MAX_LABEL, blank=True, default="", validators=[one_line])
    place = models.PositiveSmallIntegerField("thứ tự", default=0)
    offered = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "lý do"
        verbose_name_plural = "lý do (chưa thêm cho câu trả lời nào: dùng danh sách của cấp trên, hoặc có sẵn)"
        ordering = ["rating", "place", "id"]
        constraints = [models.UniqueConstraint(fields=["screens", "name"], name="one_reason_per_name")]

    def __str__(self) -> str:
        return self.vietnamese

    def clean(self) -> None:
        """A reason that was given to citizens goes on meaning the same."""
        before = OwnReason.objects.filter(pk=self.pk).first()
        if before is not None and (before.standard, before.rating) != (self.standard, self.rating):
            raise ValidationError(
                "Các lượt đánh giá đã ghi mã của lý do này, nên không đổi được câu trả lời và lý do có sẵn của nó. "
                "Xin bỏ chọn “đang dùng” ở dòng này rồi thêm lý do mới."
            )
        if self.standard and _STANDARD[self.standard].rating != self.rating:
            raise ValidationError({"rating": "Lý do có sẵn này thuộc câu trả lời kia. Xin chọn lại."})
        same = OwnReason.objects.filter(screens_id=self.screens_id, name=self.standard).exclude(pk=self.pk)
        if self.standard and same.exists():
            raise ValidationError({"standard": "Lý do có sẵn này đã có một dòng. Xin sửa lời ở dòng đó."})

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        """A new reason gets an id that nobody had."""
        if not self.name:
            self.name = self.standard or f"r-{random_text(10).lower()}"
        super().save(*args, **options)


class OpenSpan(models.Model):
    """Open on a weekday from one time until before another, in the unit's time zone."""

    class Weekday(models.IntegerChoices):
        """As `datetime.weekday` counts them."""

        MONDAY = 0, "Thứ Hai"
        TUESDAY = 1, "Thứ Ba"
        WEDNESDAY = 2, "Thứ Tư"
        THURSDAY = 3, "Thứ Năm"
        FRIDAY = 4, "Thứ Sáu"
        SATURDAY = 5, "Thứ Bảy"
        SUNDAY = 6, "Chủ nhật"

    screens = models.ForeignKey(Screens, models.CASCADE, related_name="spans")
    weekday = models.PositiveSmallIntegerField("ngày", choices=Weekday)
    opens = models.TimeField("mở cửa")
    closes = models.TimeField("đóng cửa")

    class Meta:
        verbose_name = "giờ mở cửa"
        verbose_name_plural = "giờ mở cửa (chưa có dòng nào: theo cấp trên, hoặc kiosk không nghỉ)"
        ordering = ["weekday", "opens"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        """Nothing is open over midnight."""
        if self.opens and self.closes and self.opens >= self.closes:
            raise ValidationError({"closes": "Giờ đóng cửa phải sau giờ mở cửa trong cùng ngày, ví dụ 07:30 và 11:30."})


class OtherDay(models.Model):
    """Days that are not as their weekday: a holiday, a Saturday that makes up for one. Without times: closed."""

    screens = models.ForeignKey(Screens, models.CASCADE, related_name="other_days")
    first = models.DateField("từ ngày")
    last = models.DateField("đến hết ngày")
    vietnamese = models.CharField("dịp", max_length=MAX_LABEL, blank=True, default="", validators=[one_line], help_text="Ví dụ: Nghỉ Tết")
    english = models.CharField("tiếng Anh", max_length=MAX_LABEL, blank=True, default="", validators=[one_line])
    morning_opens = models.TimeField("sáng, mở", null=True, blank=True)
    morning_closes = models.TimeField("sáng, đóng", null=True, blank=True)
    afternoon_opens = models.TimeField("chiều, mở", null=True, blank=True)
    afternoon_closes = models.TimeField("chiều, đóng", null=True, blank=True)

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ, ngày làm bù (để trống giờ: nghỉ cả ngày)"
        ordering = ["first", "last", "id"]

    def __str__(self) -> str:
        return f"{self.first:%d/%m/%Y} – {self.last:%d/%m/%Y} {self.vietnamese}"

    def clean(self) -> None:
        """Days and times in their order."""
        if self.first and self.last and self.first > self.last:
            raise ValidationError({"last": "Ngày cuối phải từ ngày đầu trở đi."})
        pairs = [(self.morning_opens, self.morning_closes), (self.afternoon_opens, self.afternoon_closes)]
        if any((opens is None) != (closes is None) for opens, closes in pairs):
            raise ValidationError("Mỗi buổi cần cả giờ mở và giờ đóng, hoặc để trống cả hai.")
        times = [time for pair in pairs for time in pair if time is not None]
        if any(earlier >= later for earlier, later in pairwise(times)):
            raise ValidationError("Giờ phải theo thứ tự, ví dụ 07:30, 11:30, 13:30, 17:00.")
