"""XXH3, 64 bits, any length and seed, from the specification of xxHash.

Only whole texts, no streaming.  Slow (some MB/s), plain and separate from the
library that the programs use, so that the two check each other:

    python3 xxh3.py --check    compares with libxxhash, where it is installed
    python3 xxh3.py FILE...    prints "HASH  FILE"
"""
import struct
import sys

M32 = (1 << 32) - 1
M64 = (1 << 64) - 1

P32_1, P32_2, P32_3 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D
P64_1, P64_2, P64_3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P64_4, P64_5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
PMX_1, PMX_2 = 0x165667919E3779F9, 0x9FB21C651E98DF25

SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")


def r32(data, at):
    return struct.unpack_from("<I", data, at)[0]


def r64(data, at):
    return struct.unpack_from("<Q", data, at)[0]


def swap32(x):
    return int.from_bytes(x.to_bytes(4, "little"), "big")


def swap64(x):
    return int.from_bytes(x.to_bytes(8, "little"), "big")


def rotl(x, n):
    return ((x << n) | (x >> (64 - n))) & M64


def fold(a, b):
    """The upper and the lower half of the product of two 64-bit numbers."""
    product = (a & M64) * (b & M64)
    return (product & M64) ^ (product >> 64)


def avalanche(h):
    h ^= h >> 37
    h = h * PMX_1 & M64
    return h ^ h >> 32


def avalanche_old(h):
    """XXH64's."""
    h ^= h >> 33
    h = h * P64_2 & M64
    h ^= h >> 29
    h = h * P64_3 & M64
    return h ^ h >> 32


def upto16(data, seed):
    n = len(data)
    if n > 8:
        flip1 = (r64(SECRET, 24) ^ r64(SECRET, 32)) + seed & M64
        flip2 = (r64(SECRET, 40) ^ r64(SECRET, 48)) - seed & M64
        low, high = r64(data, 0) ^ flip1, r64(data, n - 8) ^ flip2
        return avalanche(n + swap64(low) + high + fold(low, high) & M64)
    if n > 3:
        seed ^= swap32(seed & M32) << 32
        flip = (r64(SECRET, 8) ^ r64(SECRET, 16)) - seed & M64
        h = (r32(data, n - 4) + (r32(data, 0) << 32) & M64) ^ flip
        h ^= rotl(h, 49) ^ rotl(h, 24)
        h = h * PMX_2 & M64
        h ^= (h >> 35) + n
        h = h * PMX_2 & M64
        return h ^ h >> 28
    if n:
        mixed = data[0] << 16 | data[n >> 1] << 24 | data[-1] | n << 8
        return avalanche_old(
            mixed ^ ((r32(SECRET, 0) ^ r32(SECRET, 4)) + seed & M64))
    return avalanche_old(seed ^ r64(SECRET, 56) ^ r64(SECRET, 64))


def mix16(data, at, secret_at, seed):
    return fold(r64(data, at) ^ (r64(SECRET, secret_at) + seed & M64),
                r64(data, at + 8) ^ (r64(SECRET, secret_at + 8) - seed & M64))


def upto128(data, seed):
    n = len(data)
    acc = n * P64_1
    for i in range((n - 1) // 32, -1, -1):
        acc += mix16(data, 16 * i, 32 * i, seed)
        acc += mix16(data, n - 16 * (i + 1), 32 * i + 16, seed)
    return avalanche(acc & M64)


def upto240(data, seed):
    n = len(data)
    acc = n * P64_1
    for i in range(8):
        acc += mix16(data, 16 * i, 16 * i, seed)
    acc = avalanche(acc & M64)
    for i in range(8, n // 16):
        acc += mix16(data, 16 * i, 16 * (i - 8) + 3, seed)
    acc += mix16(data, n - 16, 136 - 17, seed)
    return avalanche(acc & M64)


def seeded_secret(seed):
    words = struct.unpack("<24Q", SECRET)
    return struct.pack("<24Q", *((w + (-seed if i % 2 else seed)) & M64
                                 for i, w in enumerate(words)))


def accumulate(acc, data, at, key):
    """One stripe of 64 bytes; ${key} the eight words of the secret for it."""
    for i, word in enumerate(struct.unpack_from("<8Q", data, at)):
        mixed = word ^ key[i]
        acc[i ^ 1] += word
        acc[i] = acc[i] + (mixed & M32) * (mixed >> 32) & M64


def long_text(data, seed):
    n = len(data)
    secret = seeded_secret(seed) if seed else SECRET
    keys = [struct.unpack_from("<8Q", secret, 8 * i) for i in range(17)]
    acc = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1]
    for stripe in range((n - 1) // 64):
        accumulate(acc, data, 64 * stripe, keys[stripe % 16])
        if stripe % 16 == 15:
            for i in range(8):
                lane = acc[i] & M64
                acc[i] = (lane ^ lane >> 47 ^ keys[16][i]) * P32_1 & M64
    accumulate(acc, data, n - 64, struct.unpack_from("<8Q", secret, 121))
    total = n * P64_1
    for i in range(4):
        total += fold(acc[2 * i] ^ r64(secret, 11 + 16 * i),
                      (acc[2 * i + 1] & M64) ^ r64(secret, 19 + 16 * i))
    return avalanche(total & M64)


def xxh3_64(data, seed=0):
    if len(data) <= 16:
        return upto16(data, seed)
    if len(data) <= 128:
        return upto128(data, seed)
    if len(data) <= 240:
        return upto240(data, seed)
    return long_text(data, seed)


def check():
    """Against libxxhash; 0 equal, 1 not, 77 not installed."""
    import ctypes
    import random
    try:
        lib = ctypes.CDLL("libxxhash.so.0")
    except OSError:
        print("skipped: libxxhash.so.0 is not installed")
        return 77
    reference = lib.XXH3_64bits_withSeed
    reference.restype = ctypes.c_uint64
    reference.argtypes = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64
    rng = random.Random(1)
    lengths = [*range(1100), 2047, 2048, 2049, 4096, 65536, 100001]
    for n in lengths:
        data = rng.randbytes(n)
        for seed in 0, 1, rng.getrandbits(64):
            if xxh3_64(data, seed) != reference(data, n, seed):
                print(f"wrong: length {n}, seed {seed}")
                return 1
    print(f"ok xxh3: {3 * len(lengths)} checks")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    for name in sys.argv[1:]:
        with open(name, "rb") as file:
            print(f"{xxh3_64(file.read()):016x}  {name}")
