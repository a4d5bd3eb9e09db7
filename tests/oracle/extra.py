"""Statistics on request: registers, histogram, values, samples (attr(5))."""
import numtext
from xxh3 import M64, rotl, xxh3_64

REGISTERS = 4096
SPARSE_BELOW = 512
BUCKETS = 66
TEXT_MAX = 256  # bytes
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
CONSTANT = 3326628274461080622


def utf8(text):
    return text.encode("utf-8", "surrogatepass")


def siphash(data, k0, k1):
    """SipHash-2-4, 64 bits (Aumasson and Bernstein)."""
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D,
         k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def rounds(n):
        a, b, c, d = v
        for _ in range(n):
            a, c = a + b & M64, c + d & M64
            b, d = rotl(b, 13) ^ a, rotl(d, 16) ^ c
            a = rotl(a, 32)
            c, a = c + b & M64, a + d & M64
            b, d = rotl(b, 17) ^ c, rotl(d, 21) ^ a
            c = rotl(c, 32)
        v[:] = a, b, c, d

    whole = len(data) // 8 * 8
    last = data[whole:].ljust(7, b"\0") + bytes([len(data) & 255])
    for at in range(0, whole + 8, 8):
        word = int.from_bytes(data[at:at + 8] if at < whole else last,
                              "little")
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 255
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def masked(text, is_number):
    def one(c):
        if "0" <= c <= "9":
            return "9"
        if is_number:
            return c
        if "A" <= c <= "Z":
            return "A"
        if "a" <= c <= "z":
            return "a"
        return "x" if c > "\x7f" else c
    return "".join(map(one, text))


def cut(text):
    """The longest beginning of at most TEXT_MAX bytes."""
    used = 0
    for i, c in enumerate(text[:TEXT_MAX]):
        used += len(utf8(c))
        if used > TEXT_MAX:
            return text[:i]
    return text[:TEXT_MAX]


class Wanted:
    """What was asked for; ${key}: bytes of the sample key file, or None."""

    def __init__(self, full=False, values=0, samples=0, unmasked=False,
                 key=None):
        self.full, self.values, self.samples = full, values, samples
        self.unmasked = unmasked
        self.key = None if key is None else (xxh3_64(key), xxh3_64(key, 1))

    def __bool__(self):
        return bool(self.full or self.values or self.samples)

    def key_name(self):
        return f"{siphash(b'', *self.key):016x}"[:8]

    def sample(self, text, is_number):
        """(hash, text to show)"""
        shown = cut(text)
        if self.unmasked:
            return xxh3_64(utf8(text)), shown
        shown = masked(shown, is_number)
        if self.key:
            return siphash(utf8(text), *self.key), shown
        return xxh3_64(utf8(shown)), shown


class Extra:
    def __init__(self, wanted):
        self.wanted = wanted
        self.registers = bytearray(REGISTERS)
        self.histogram = [0] * BUCKETS
        self.values = {}  # None: more
        self.samples = {}  # hash: text shown

    def observe(self, text, is_number):
        data = utf8(text)
        if self.wanted.full:
            h = xxh3_64(data)
            rank = 53 - (h & (1 << 52) - 1).bit_length()
            at = h >> 52
            self.registers[at] = max(self.registers[at], rank)
            self.histogram[numtext.bucket(text) if is_number
                           else len(text).bit_length()] += 1
        if self.wanted.values and self.values is not None:
            self.values[data] = self.values.get(data, 0) + 1
            if (len(data) > TEXT_MAX
                    or len(self.values) > self.wanted.values):
                self.values = None
        if self.wanted.samples:
            self.add_sample(*self.wanted.sample(text, is_number))

    def add_sample(self, h, shown):
        old = self.samples.get(h, shown)
        self.samples[h] = min(old, shown, key=utf8)
        if len(self.samples) > self.wanted.samples:
            del self.samples[max(self.samples)]

    def add(self, other):
        self.registers = bytearray(map(max, self.registers, other.registers))
        self.histogram = [a + b for a, b in
                          zip(self.histogram, other.histogram)]
        if self.values is None or other.values is None:
            self.values = None
        else:
            for text, count in other.values.items():
                self.values[text] = self.values.get(text, 0) + count
            if len(self.values) > self.wanted.values:
                self.values = None
        for sample in other.samples.items():
            self.add_sample(*sample)

    def estimate(self):
        ranks = [0] * 54
        for rank in self.registers:
            ranks[rank] += 1
        if ranks[0] == REGISTERS:
            return 0
        total, x = ranks[0] << 38, ranks[0] << 52
        k = 1
        while True:
            x = x * x >> 64
            if not x:
                break
            total += x >> 15 - k if k <= 15 else x << k - 15
            k += 1
        for k in range(1, 54):
            total += (ranks[k] << 38 - k if k <= 38 else ranks[k] >> k - 38)
        total = max(total, 1)
        return (CONSTANT + (total >> 1)) // total

    def registers_text(self):
        used = [i for i, rank in enumerate(self.registers) if rank]
        if len(used) < SPARSE_BELOW:
            return "".join(DIGITS[i >> 6] + DIGITS[i & 63]
                           + DIGITS[self.registers[i]] for i in used)
        return "".join(DIGITS[rank] for rank in self.registers)

    def members(self):
        """(name, value) in the order of attr(5); values in plain types."""
        if self.wanted.full:
            yield "distinct", min(self.estimate(), sum(self.histogram))
            yield "registers", self.registers_text()
            last = max((i for i, n in enumerate(self.histogram) if n),
                       default=-1)
            yield "histogram", self.histogram[:last + 1]
        if self.wanted.values:
            yield "values", "more" if self.values is None else {
                text.decode("utf-8", "surrogatepass"): self.values[text]
                for text in sorted(self.values)}
        if self.wanted.samples:
            yield "samples", [{"hash": f"{h:016x}", "text": shown}
                              for h, shown in sorted(self.samples.items())]
