"""Plays sounds through SDL, in a thread of its own: whoever asks for one never waits. A tablet without a loudspeaker is not at fault:
nothing is played, and that is logged once.
"""

import ctypes
import logging
import threading
import time
import wave
from array import array
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from kiosk.ui.sdl import loaded

AUDIO = 0x10  # SDL_INIT_AUDIO
SIGNED_16 = 0x8010  # AUDIO_S16LSB
FORMATS = {1: 0x0008, 2: SIGNED_16, 4: 0x8020}  # by bytes a sample: AUDIO_U8, AUDIO_S16LSB, AUDIO_S32LSB
LOUDEST = 128  # SDL_MIX_MAXVOLUME
STOPPED = 0  # SDL_AUDIO_STOPPED
RATE, BUFFER = 22050, 512  # 23 ms
FADE = 1323  # samples: 60 ms
LATE_SECONDS = 0.4
TRY_AGAIN_SECONDS = 600.0
LONGEST_SECONDS = 30.0
SECONDS_TO_CLOSE = 1.0

_ALSA_TELLS = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
_say_nothing = _ALSA_TELLS(lambda *_: None)

log = logging.getLogger(__name__)


class NotPlayable(Exception):
    """A sound file that is no WAV of whole numbers, or too long."""


class AudioSpec(ctypes.Structure):
    """SDL_AudioSpec of SDL 2."""

    _fields_ = [
        ("freq", ctypes.c_int),
        ("format", ctypes.c_uint16),
        ("channels", ctypes.c_uint8),
        ("silence", ctypes.c_uint8),
        ("samples", ctypes.c_uint16),
        ("padding", ctypes.c_uint16),
        ("size", ctypes.c_uint32),
        ("callback", ctypes.c_void_p),
        ("userdata", ctypes.c_void_p),
    ]


class _Order(NamedTuple):
    """What is to be played, how loud (0 to LOUDEST), and since when it is wanted."""

    file: Path
    loud: int
    since: float


class Speaker:
    """volume: 0 to 100, to be changed at any time; at 0 nothing is played, and the loudspeaker not even opened.

    What still sounds when another sound begins fades out under it.
    """

    def __init__(self, volume: int = 0) -> None:
        self.volume = volume
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)

    def start(self, *likely: Path) -> None:
        """From now on it plays. likely: files that will be wanted; they are read, and the loudspeaker opened, before they are."""
        for file in likely:
            self._orders.put(_Order(file, 0, float("inf")))
        self._thread.start()

    def play(self, file: Path, loudness: float = 1.0) -> None:
        """Play a file soon; one that cannot be played within LATE_SECONDS is not. loudness: 0 to 1, of the volume."""
        if loud := round(self.volume / 100 * loudness * LOUDEST):
            self._orders.put(_Order(file, loud, time.monotonic()))

    def close(self) -> None:
        """Silence."""
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join(SECONDS_TO_CLOSE)

    def _run(self) -> None:
        library = loaded()
        if library is None:
            return
        device = _Device(library)
        while order := self._orders.get():
            try:
                if self.volume and time.monotonic() - order.since < LATE_SECONDS:
                    device.play(order)
            except Exception:
                log.exception("%s could not be played", order.file)
        device.close()


class _Device:
    """The loudspeaker, opened when it is first needed, and again after it was pulled out. For one thread."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._sdl = library
        library.SDL_GetError.restype = ctypes.c_char_p
        library.SDL_GetQueuedAudioSize.restype = ctypes.c_uint32
        library.SDL_OpenAudioDevice.restype = ctypes.c_uint32
        library.SDL_NewAudioStream.restype = ctypes.c_void_p
        self._number = 0
        self._failed = float("-inf")
        self._told = False
        self._read: dict[Path, bytes] = {}
        self._queued = b""

    def play(self, order: _Order) -> None:
        if not self._is_open() or not (samples := self._samples(order.file)) or not order.loud:
            return
        sdl, device = self._sdl, self._number
        sound = ctypes.create_string_buffer(len(samples))
        sdl.SDL_MixAudioFormat(sound, samples, SIGNED_16, len(samples), order.loud)
        sdl.SDL_LockAudioDevice(device)
        try:
            left = sdl.SDL_GetQueuedAudioSize(device)
            still = _fading(self._queued[len(self._queued) - left :])[: len(samples)]
            sdl.SDL_MixAudioFormat(sound, still, SIGNED_16, len(still), LOUDEST)
            sdl.SDL_ClearQueuedAudio(device)
            self._queued = sound.raw[: len(samples)]
            sdl.SDL_QueueAudio(device, self._queued, len(self._queued))
        finally:
            sdl.SDL_UnlockAudioDevice(device)

    def close(self) -> None:
        if self._number:
            self._sdl.SDL_CloseAudioDevice(self._number)
            self._sdl.SDL_QuitSubSystem(AUDIO)
            self._number = 0

    def _is_open(self) -> bool:
        if self._number and self._sdl.SDL_GetAudioDeviceStatus(self._number) != STOPPED:
            return True
        self.close()
        if time.monotonic() - self._failed < TRY_AGAIN_SECONDS:
            return False
        if not self._open():
            self._failed = time.monotonic()
            if not self._told:
                self._told = True
                log.info("no loudspeaker, so no sounds: %s", self._sdl.SDL_GetError().decode(errors="replace"))
            return False
        return True

    def _open(self) -> bool:
        sdl = self._sdl
        with suppress(OSError):  # else ALSA writes eight lines to standard error where there is no card
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_say_nothing)
        if sdl.SDL_InitSubSystem(AUDIO) != 0:
            return False
        wanted = AudioSpec(freq=RATE, format=SIGNED_16, channels=1, samples=BUFFER)
        self._number = sdl.SDL_OpenAudioDevice(None, 0, ctypes.byref(wanted), None, 0)
        if not self._number:
            sdl.SDL_QuitSubSystem(AUDIO)
            return False
        self._queued = b""
        sdl.SDL_PauseAudioDevice(self._number, 0)
        return True

    def _samples(self, file: Path) -> bytes:
        """As the loudspeaker wants them; none where the file cannot be used, which is logged once."""
        if file not in self._read:
            try:
                self._read[file] = self._converted(file)
            except (OSError, EOFError, wave.Error, NotPlayable) as error:
                log.warning("%s cannot be played: %s", file, error)
                self._read[file] = b""
        return self._read[file]

    def _converted(self, file: Path) -> bytes:
        with wave.open(str(file)) as opened:
            channels, width, rate, frames = opened.getparams()[:4]
            if width not in FORMATS or channels not in (1, 2) or frames > LONGEST_SECONDS * rate:
                raise NotPlayable(f"{channels} channels of {8 * width} bit, {frames / rate:.0f} s")
            data = opened.readframes(frames)
        if (channels, width, rate) == (1, 2, RATE):
            return data
        sdl = self._sdl
        stream = ctypes.c_void_p(sdl.SDL_NewAudioStream(FORMATS[width], channels, rate, SIGNED_16, 1, RATE))
        if not stream:
            raise NotPlayable(sdl.SDL_GetError().decode(errors="replace"))
        try:
            sdl.SDL_AudioStreamPut(stream, data, len(data))
            sdl.SDL_AudioStreamFlush(stream)
            converted = ctypes.create_string_buffer(max(0, sdl.SDL_AudioStreamAvailable(stream)))
            length = max(0, sdl.SDL_AudioStreamGet(stream, converted, len(converted)))
            return converted.raw[:length]
        finally:
            sdl.SDL_FreeAudioStream(stream)


def _fading(samples: bytes) -> bytes:
    """What is left of a sound, gone within FADE samples."""
    left = array("h", samples[: 2 * FADE])
    return array("h", (round(value * (len(left) - at) / len(left)) for at, value in enumerate(left))).tobytes()
