/*
 * formats -- the grammars of attr(5), and that all kernels agree on them.
 *
 * Oracles: a table of texts with every format each of them has; libc's
 * calendar (timegm) for dates and days of the week; inet_pton() for addresses;
 * the kernels for each other on mutated texts.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <time.h>

#include "attrs/formats.h"
#include "format_examples.h"
#include "gen.h"
#include "unit.h"

typedef uint64_t mask_fn(const char *text, size_t len);

static mask_fn *kernels[KERNELS];
static const char *kernel_names[KERNELS];
static int nkernels;

static void find_kernels(void)
{
	kernels[0] = format_mask_portable;
	kernel_names[nkernels++] = "portable";
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
		kernels[nkernels] = format_mask_avx2;
		kernel_names[nkernels++] = "avx2";
	}
	if (__builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vbmi2")) {
		kernels[nkernels] = format_mask_avx512;
		kernel_names[nkernels++] = "avx512";
	}
#endif
}

static void print_mask(const char *what, uint64_t mask)
{
	printf("  %s:", what);
	for (unsigned i = 0; i < format_count(); i++)
		if (mask >> i & 1)
			printf(" [%s]", format_names[i]);
	putchar('\n');
}

/* Bytes around a text that would matter if they were taken for its own. */
static void fill(char *room, size_t size)
{
	static const char tempting[] = "0123456789:./-TZ@a%+ ]#e";

	for (size_t i = 0; i < size; i++)
		room[i] = tempting[gen(sizeof(tempting) - 1)];
}

/*
 * All kernels give ${want} for the text, wherever it stands; every other time
 * with no more than the 64 bytes behind it that may be read.
 */
static void expect(const char *text, size_t len, uint64_t want)
{
	static char room[64 + 64 + 512 + 64];
	char *at = gen(2) ? room + sizeof(room) - 64 - len :
			    room + 64 + gen(64);
	uint64_t got;

	if (len > 512)
		abort();
	fill(at - 64, 64);
	memcpy(at, text, len);
	fill(at + len, 64);
	for (int k = 0; k < nkernels; k++) {
		checks++;
		got = kernels[k](at, len);
		if (got == want)
			continue;
		failures++;
		printf("%s: \"%.*s\"\n", kernel_names[k], (int)len, text);
		print_mask("wanted", want);
		print_mask("got", got);
	}
}

/* ${names}: formats, with '|' between. */
static uint64_t mask_of(const char *names)
{
	uint64_t mask = 0;
	int index;

	while (*names) {
		size_t len = strcspn(names, "|");

		index = format_index(names, len);
		if (index < 0) {
			printf("no format \"%.*s\"\n", (int)len, names);
			exit(1);
		}
		mask |= 1ULL << index;
		names += len + (names[len] == '|');
	}
	return mask;
}

static void check_examples(const struct example *e)
{
	for (; e->text; e++)
		expect(e->text, strlen(e->text), mask_of(e->formats));
}

/* No date or time has a '_': each separator of them matters. */
static void check_separators(const struct example *e)
{
	char text[64];
	size_t len;

	for (; e->text; e++) {
		len = strlen(e->text);
		for (size_t i = 0; i < len; i++) {
			memcpy(text, e->text, len);
			text[i] = '_';
			expect(text, len, 0);
		}
	}
}

/* Text of printf(); checked to have these formats. */
static void expect_f(uint64_t want, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void expect_f(uint64_t want, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(text))
		abort();
	expect(text, (size_t)len, want);
}

/* Lengths at which a grammar, or the first look of 64 bytes, ends. */
static void check_lengths(void)
{
	const uint64_t integer = mask_of(INTEGER), number =
		mask_of("number-string"), email = mask_of("email"), uri =
		mask_of("uri"), stamp = mask_of("date-time"), when =
		mask_of("time");
	char many[400];

	memset(many, 'a', sizeof(many));
	for (int n = 1; n < 120; n++) {
		expect_f(n <= 64 ? email : 0, "%.*s@b.cc", n, many);
		expect_f(n <= 63 ? email : 0, "a@%.*s.cc", n, many);
		expect_f(n > 1 && n <= 63 ? email : 0, "a@b.%.*s", n, many);
		expect_f(uri, "http://%.*s", n, many);
		expect_f(uri, "http://%.*s:80/%%41#", n, many);
		expect_f(uri, "http://%.*s@b:80", n, many);
		expect_f(uri, "http://b/%.*s%%fF", n, many);
		expect_f(0, "http://b/%.*s%%f", n, many);
		expect_f(0, "http://%.*s:8x/", n, many);
		expect_f(0, "http://b/%.*s#a#", n, many);
		expect_f(0, "#http://b/%.*s", n, many);
		expect_f(0, "%.*s", n + 280, many);
	}
	memset(many, '7', sizeof(many));
	for (int n = 1; n < 120; n++) {
		expect_f(n <= 64 ? integer : 0, "%.*s", n, many);
		expect_f(n <= 63 ? integer : 0, "-%.*s", n, many);
		expect_f(n <= 62 ? number : 0, "0.%.*s", n, many);
		expect_f(n <= 62 ? number : 0, "1e%.*s", n, many);
		expect_f(stamp, "2014-08-31T00:29:15.%.*sZ", n, many);
		expect_f(stamp, "2014-08-31t00:29:15.%.*s-01:00", n, many);
		expect_f(when, "00:29:15.%.*s+01:00", n, many);
		expect_f(0, "2014-08-31T00:29:15.%.*sa", n, many);
	}
	for (int n = 1; n < 4; n++)	/* labels up to 254 bytes in all */
		expect_f(n < 2 ? email : 0, "%.*s@%.63s.%.63s.%.58s.a%.*s",
			 64, many, many, many, many, n, many);
}

static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
	"Nov", "Dec"
};
static const char *const days[] = {
	"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"
};

/* Layouts of a day without a day of the week; ${good}: it exists. */
static void check_plain_day(int y, int m, int d, bool good)
{
#define IF_GOOD(name) (good ? mask_of(name) : 0)
	expect_f(IF_GOOD("date"), "%04d-%02d-%02d", y, m, d);
	expect_f(IF_GOOD("YYYY/MM/DD"), "%04d/%02d/%02d", y, m, d);
	expect_f(IF_GOOD("DD.MM.YYYY"), "%02d.%02d.%04d", d, m, y);
	expect_f(IF_GOOD("DD-MON-YYYY"), "%02d-%s-%04d", d, months[m - 1], y);
	expect_f(IF_GOOD("date-time"), "%04d-%02d-%02dT12:%02d:%02dZ", y, m, d,
		 y % 60, d);
	expect_f(IF_GOOD("YYYY-MM-DD HH24:MI:SS"),
		 "%04d-%02d-%02d %02d:07:%02d", y, m, d, d % 24, y % 60);
	expect_f(IF_GOOD("YYYYMMDDTHH24MISS"), "%04d%02d%02dT23%02d59", y, m,
		 d, y % 60);
}

/* Layouts with the day of the week ${name}. */
static void check_weekday(int y, int m, int d, const char *name, bool good)
{
	expect_f(IF_GOOD("http-date"), "%s, %02d %s %04d 01:02:%02d GMT", name,
		 d, months[m - 1], y, y % 60);
	expect_f(IF_GOOD(RFC5322), "%s, %d %s %04d 01:02:%02d +0000", name, d,
		 months[m - 1], y, y % 60);
	expect_f(IF_GOOD(TWITTER), "%s %s %02d 23:59:%02d +0000 %04d", name,
		 months[m - 1], d, y % 60, y);
#undef IF_GOOD
}

/* timegm() moves a day that does not exist to another one. */
static void check_day(int y, int m, int d)
{
	struct tm t = {.tm_year = y - 1900, .tm_mon = m - 1, .tm_mday = d};
	bool good;

	timegm(&t);
	good = t.tm_mday == d && t.tm_mon == m - 1 && y > 0;
	check_plain_day(y, m, d, good);
	for (int i = 0; i < 7; i++)
		check_weekday(y, m, d, days[i], good && i == t.tm_wday);
}

static void check_calendar(void)
{
	static const int years[] = {
		0, 1, 4, 99, 100, 400, 999, 1000, 1582, 1752, 1899, 1900, 1901,
		1999, 2000, 2001, 2004, 2014, 2023, 2024, 2099, 2100, 2400,
		9999
	};

	for (size_t y = 0; y < sizeof(years) / sizeof(*years); y++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++)
				if (day == 1 || day >= 28)
					check_day(years[y], month, day);
}

static void check_clock(void)
{
	const uint64_t mi = mask_of("HH24:MI"), ss = mask_of("HH24:MI:SS");
	const uint64_t tz = mask_of("YYYY-MM-DD HH24:MI:SS TZHTZM");

	for (unsigned a = 0; a < 100; a++)
		for (unsigned b = 0; b < 100; b += 1 + b % 3) {
			expect_f(a < 24 && b < 60 ? mi : 0, "%02u:%02u", a, b);
			expect_f(a < 60 && b < 60 ? ss : 0, "07:%02u:%02u", a,
				 b);
			expect_f(a < 24 && b < 60 ? tz : 0,
				 "2014-08-31 00:29:15 -%02u%02u", a, b);
		}
}

static void mutate(char *text, size_t *len, size_t max)
{
	static const char bytes[] =
		"0123456789:./-TtZzaAfFgGeE@ +%#[]?_,{\"<\\~\x80\xff\x7f";
	size_t at = gen(*len + 1);
	char c = bytes[gen(sizeof(bytes) - 1)];

	switch (gen(4)) {
	case 0:
		if (at < *len)
			text[at] = c;
		break;
	case 1:
		if (*len < max) {
			memmove(text + at + 1, text + at, *len - at);
			text[at] = c;
			++*len;
		}
		break;
	case 2:
		if (at < *len) {
			memmove(text + at, text + at + 1, *len - at - 1);
			--*len;
		}
		break;
	default:
		if (at < *len && text[at] >= '0' && text[at] <= '9')
			text[at] = (char)('0' + gen(10));
	}
}

/* inet_pton() agrees on what only hexadecimal digits, colons and dots are. */
static void check_address(const char *text, size_t len, uint64_t mask)
{
	unsigned char binary[16];
	char copy[512];

	if (strspn(text, "0123456789abcdefABCDEF:.") < len)
		return;
	memcpy(copy, text, len);
	copy[len] = '\0';
	checks++;
	if ((inet_pton(AF_INET6, copy, binary) == 1) !=
	    ((mask & mask_of("ipv6")) != 0) ||
	    (inet_pton(AF_INET, copy, binary) == 1) !=
	    ((mask & mask_of("ipv4")) != 0)) {
		failures++;
		printf("inet_pton: \"%s\"\n", copy);
		print_mask("got", mask);
	}
}

/* What portable C says of mutated examples, all kernels say. */
static void check_mutations(void)
{
	char text[512];
	size_t len;

	for (size_t t = 0; t < FORMAT_TABLES; t++)
		for (const struct example *e = format_examples[t]; e->text; e++)
			for (int round = 0; round < 60; round++) {
				len = strlen(e->text);
				memset(text, 0, sizeof(text));
				memcpy(text, e->text, len);
				for (int i = round % 3; i >= 0; i--)
					mutate(text, &len, 100);
				text[len] = '\0';
				expect(text, len, kernels[0](text, len));
				check_address(text, len,
					      kernels[0](text, len));
			}
}

/* Every length from 0 to 300 at every alignment. */
static void check_alignments(void)
{
	static const char *const starts[] = {
		"http://example.com/", "2014-08-31T00:29:15.", "a@b.",
		"12345678", "-1.", "Sun Aug 31 00", "urn:", "word and word ",
		"http://"
	};
	static char room[64 + 64 + 300 + 64];
	uint64_t want;

	for (size_t len = 0; len <= 300; len++)
		for (size_t shift = 0; shift < 64; shift++) {
			const char *s = starts[gen(9)];
			char *at = room + 64 + shift;
			size_t n = strlen(s) < len ? strlen(s) : len;

			fill(room, sizeof(room));
			memset(at, "0aZ%"[gen(4)], len);
			memcpy(at, s, n);
			want = kernels[0](at, len);
			for (int k = 1; k < nkernels; k++) {
				checks++;
				if (kernels[k](at, len) == want)
					continue;
				failures++;
				printf("%s: \"%.*s\" at %zu\n", kernel_names[k],
				       (int)len, at, shift);
			}
		}
}

static void check_table(void)
{
	unsigned n = 0;

	while (format_names[n])
		n++;
	checks++;
	if (n != format_count() || n > FORMATS_MAX ||
	    format_epoch_s != format_index("epoch-s", 7) ||
	    format_epoch_ms != format_index("epoch-ms", 8) ||
	    format_index("dat", 3) != -1 || format_index("", 0) != -1) {
		failures++;
		printf("table of names\n");
	}
}

int main(void)
{
	find_kernels();
	check_table();
	for (size_t t = 0; t < FORMAT_TABLES; t++)
		check_examples(format_examples[t]);
	check_separators(dates);
	check_separators(times);
	check_separators(timestamps);
	check_separators(weekdays);
	check_lengths();
	check_calendar();
	check_clock();
	check_mutations();
	check_alignments();
	printf("kernels:");
	for (int k = 0; k < nkernels; k++)
		printf(" %s", kernel_names[k]);
	putchar('\n');
	return unit_end("formats");
}
