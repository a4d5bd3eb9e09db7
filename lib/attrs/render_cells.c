/*
 * render_cells -- text in the columns of a terminal.
 */
#include <stdint.h>
#include "attrs/render_cells.h"

/* One code point of valid UTF-8; its length. */
static size_t decode(const char *s, size_t len, uint32_t *code)
{
	unsigned char c = (unsigned char)s[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	n = n > len ? len : n;
	*code = n == 1 ? c : c & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		*code = *code << 6 | ((unsigned char)s[i] & 0x3f);
	return n;
}

/* The ranges of Unicode's EastAsianWidth W and F, joined generously. */
static size_t width_of(uint32_t c)
{
	static const uint32_t wide[][2] = {
		{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf},
		{0xa960, 0xa97f}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
		{0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
		{0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff},
		{0x20000, 0x3fffd}
	};

	if (c < 0x300)
		return 1;
	if (c <= 0x36f || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0xfe00 && c <= 0xfe0f))
		return 0;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (c >= wide[i][0] && c <= wide[i][1])
			return 2;
	return 1;
}

size_t cells_of(const char *s, size_t len)
{
	size_t cells = 0;
	uint32_t code;

	for (size_t i = 0; i < len;) {
		i += decode(s + i, len - i, &code);
		cells += width_of(code);
	}
	return cells;
}

/* How many bytes of ${s} fit ${width} cells, and the cells they take. */
static size_t fitting(const char *s, size_t len, size_t width, size_t *cells)
{
	size_t i = 0;

	*cells = 0;
	while (i < len) {
		uint32_t code;
		size_t n = decode(s + i, len - i, &code);
		size_t w = width_of(code);

		if (*cells + w > width)
			break;
		*cells += w;
		i += n;
	}
	return i;
}

void cells_cut(struct buf *b, const char *s, size_t len, size_t width,
	       const char *dots)
{
	size_t cells, n = fitting(s, len, width, &cells);

	if (n < len && width) {
		n = fitting(s, len, width - 1, &cells);
		buf_add(b, s, n);
		buf_adds(b, dots);
	} else {
		buf_add(b, s, n);
	}
}

void cells_pad(struct buf *b, const char *s, size_t len, size_t width,
	       const char *dots)
{
	size_t from = b->len, cells;

	cells_cut(b, s, len, width, dots);
	cells = cells_of(b->s + from, b->len - from);
	for (; cells < width; cells++)
		buf_addc(b, ' ');
}
