/*
 * check -- one record, checked whole, byte by byte, with the reason and place.
 *
 * One pass from left to right, so that of several faults the first by position
 * is named.  The place of a fault is the first byte with which the text can no
 * longer be the beginning of a valid one: in "nulx" the x, in "01" the 1, in
 * a text cut short its end.  The one exception is bad UTF-8, which is named at
 * the first byte of its sequence, wherever the sequence goes wrong.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/check.h"

/* Levels that need no allocation, as bits: 2,048. */
#define LOCAL_WORDS 32

/* What may come next, white space apart. */
enum want {
	WANT_VALUE,	/* a value: at the start, after a comma or a colon */
	WANT_ITEM,	/* behind [ : an item, or ] */
	WANT_MEMBER,	/* behind { : a key, or } */
	WANT_KEY,	/* behind a comma in an object */
	WANT_COLON,	/* behind a key */
	WANT_MORE	/* behind a value: a comma, a bracket or the end */
};

struct check {
	const unsigned char *s;
	size_t len;
	size_t pos;
	struct json_fault *fault;
	enum want want;
	uint32_t depth;
	uint32_t max_depth;
	uint64_t *stack;	/* a bit for each open container: an object? */
	size_t words;
	uint64_t local[LOCAL_WORDS];
};

const char *fault_name(enum fault_class error)
{
	static const char *const names[] = {
		[FAULT_NONE] = "none", [FAULT_JSON] = "json",
		[FAULT_UTF8] = "utf8", [FAULT_DEPTH] = "depth",
		[FAULT_SIZE] = "size", [FAULT_EXPR] = "expr",
		[FAULT_IO] = "io", [FAULT_WORKER] = "worker",
		[FAULT_FETCH] = "fetch", [FAULT_CONFIG] = "config"
	};

	return names[error];
}

/*
 * Bytes of the UTF-8 sequence at ${s}, of which ${left} bytes are there; 0 for
 * a bad one.  The bounds of the second byte are those of Unicode, table 3-7.
 */
static size_t sequence(const unsigned char *s, size_t left)
{
	unsigned char low = 0x80, high = 0xbf, lead = s[0];
	size_t n, i;

	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	n = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	if (left < n)
		return 0;
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

size_t utf8_valid_prefix(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t pos = 0, n;
	uint64_t word;

	while (pos < len) {
		if (len - pos >= sizeof(word)) {
			memcpy(&word, s + pos, sizeof(word));
			if (!(word & 0x8080808080808080)) {
				pos += sizeof(word);
				continue;
			}
		}
		n = sequence(s + pos, len - pos);
		if (!n)
			break;
		pos += n;
	}
	return pos;
}

/* What is wrong with the bad sequence at ${s}. */
static const char *utf8_reason(const unsigned char *s, size_t left)
{
	unsigned char lead = s[0], next = left > 1 ? s[1] : 0;
	bool goes_on = (next & 0xc0) == 0x80;

	if (lead < 0xc0)
		return "not UTF-8: a continuation byte without a beginning";
	if (lead > 0xf7)
		return "not UTF-8: a byte it never has";
	if (lead > 0xf4 || (lead == 0xf4 && goes_on && next > 0x8f))
		return "not UTF-8: beyond U+10FFFF";
	if (lead < 0xc2 || (lead == 0xe0 && goes_on && next < 0xa0) ||
	    (lead == 0xf0 && goes_on && next < 0x90))
		return "not UTF-8: an overlong form";
	if (lead == 0xed && goes_on && next > 0x9f)
		return "not UTF-8: a surrogate (write it as \\uDXXX)";
	return "not UTF-8: a sequence of bytes is cut short";
}

/* Fails at ${at}; a byte there that is not UTF-8 is the greater fault. */
static int fail(struct check *c, size_t at, const char *reason)
{
	c->fault->error = FAULT_JSON;
	c->fault->reason = reason;
	c->fault->at = at;
	if (at < c->len && !sequence(c->s + at, c->len - at)) {
		c->fault->error = FAULT_UTF8;
		c->fault->reason = utf8_reason(c->s + at, c->len - at);
	}
	return -1;
}

/* As fail(), at the reading position: ${cut} if the text ends there. */
static int fail_here(struct check *c, const char *cut, const char *reason)
{
	return fail(c, c->pos, c->pos == c->len ? cut : reason);
}

/* The byte at the reading position; a NUL at the end, where none is wanted. */
static unsigned char peek(const struct check *c)
{
	return c->pos < c->len ? c->s[c->pos] : 0;
}

static void skip_blanks(struct check *c)
{
	while (c->pos < c->len &&
	       (c->s[c->pos] == ' ' || c->s[c->pos] == '\n' ||
		c->s[c->pos] == '\r' || c->s[c->pos] == '\t'))
		c->pos++;
}

static bool in_object(const struct check *c)
{
	uint32_t level = c->depth - 1;

	return c->depth && (c->stack[level / 64] >> level % 64 & 1);
}

/* Where a text ends that should go on. */
static const char *cut_reason(const struct check *c)
{
	if (!c->depth)
		return "no value";
	return in_object(c) ? "the record ends inside an object"
			    : "the record ends inside an array";
}

/* Doubles the stack; ${words} 64-bit words become twice as many. */
static void grow_stack(struct check *c)
{
	uint64_t *old = c->stack == c->local ? NULL : c->stack;

	c->stack = mem_resize(old, c->words * 2, sizeof(*c->stack));
	if (!old)
		memcpy(c->stack, c->local, sizeof(c->local));
	c->words *= 2;
}

static int open_container(struct check *c, bool object)
{
	uint32_t level = c->depth;
	uint64_t bit = (uint64_t)1 << level % 64;

	if (level >= c->max_depth) {
		fail(c, c->pos, "nested deeper than --max-depth allows");
		c->fault->error = FAULT_DEPTH;
		return -1;
	}
	if (level / 64 >= c->words)
		grow_stack(c);
	if (object)
		c->stack[level / 64] |= bit;
	else
		c->stack[level / 64] &= ~bit;
	c->depth++;
	c->pos++;
	c->want = object ? WANT_MEMBER : WANT_ITEM;
	return 0;
}

static int close_container(struct check *c)
{
	c->pos++;
	c->depth--;
	c->want = WANT_MORE;
	return 0;
}

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_hex(unsigned char byte)
{
	return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

static int check_escape(struct check *c)
{
	static const char cut[] = "the record ends inside a string";
	size_t i;

	c->pos++;
	if (peek(c) != 'u') {
		if (!peek(c) || !strchr("\"\\/bfnrt", peek(c)))
			return fail_here(c, cut, "an escape that JSON does not "
					 "have (\\\" \\\\ \\/ \\b \\f \\n \\r "
					 "\\t \\uXXXX)");
		c->pos++;
		return 0;
	}
	c->pos++;
	for (i = 0; i < 4; i++, c->pos++)
		if (!is_hex(peek(c)))
			return fail_here(c, cut, "expected four hexadecimal "
					 "digits after \\u");
	return 0;
}

static const char *control_reason(unsigned char byte)
{
	if (byte == '\n' || byte == '\r')
		return "a line end in a string (write it as \\n or \\r)";
	if (byte == '\t')
		return "a tab in a string (write it as \\t)";
	return "control character in a string (write it as \\u00XX)";
}

/* A string or key; the reading position is its opening quote. */
static int check_string(struct check *c)
{
	unsigned char byte;
	size_t n;

	c->pos++;
	while (c->pos < c->len) {
		byte = c->s[c->pos];
		if (byte == '"') {
			c->pos++;
			return 0;
		}
		if (byte < 0x20)
			return fail(c, c->pos, control_reason(byte));
		if (byte == '\\') {
			if (check_escape(c) < 0)
				return -1;
			continue;
		}
		n = sequence(c->s + c->pos, c->len - c->pos);
		if (!n)
			return fail(c, c->pos, NULL);
		c->pos += n;
	}
	return fail(c, c->len, "the record ends inside a string");
}

static int check_digits(struct check *c, const char *reason)
{
	if (!is_digit(peek(c)))
		return fail_here(c, "the record ends inside a number", reason);
	while (is_digit(peek(c)))
		c->pos++;
	return 0;
}

static int check_number(struct check *c)
{
	if (peek(c) == '-')
		c->pos++;
	if (peek(c) == '0') {
		c->pos++;
		if (is_digit(peek(c)))
			return fail(c, c->pos,
				    "a number must not begin with 0");
	} else if (check_digits(c, "expected a digit after -") < 0) {
		return -1;
	}
	if (peek(c) == '.') {
		c->pos++;
		if (check_digits(c, "expected a digit after the point") < 0)
			return -1;
	}
	if ((peek(c) | 0x20) == 'e') {
		c->pos++;
		if (peek(c) == '+' || peek(c) == '-')
			c->pos++;
		if (check_digits(c, "expected a digit in the exponent") < 0)
			return -1;
	}
	return 0;
}

/* ${word}: true, false or null, of which the first byte is there. */
static int check_word(struct check *c, const char *word, const char *reason)
{
	for (; *word; word++, c->pos++)
		if (peek(c) != (unsigned char)*word)
			return fail_here(c, "the record ends inside true, "
					 "false or null", reason);
	return 0;
}

/* Why no value begins with ${byte}, for what people write most. */
static const char *value_reason(const struct check *c, unsigned char byte)
{
	switch (byte) {
	case 0:
		return "expected a value, not a NUL byte";
	case '\'':
		return "expected a value (strings take double quotes)";
	case '+':
		return "a number must not begin with +";
	case '.':
		return "expected a digit before the point";
	case 'N':
	case 'I':
		return "expected a value (NaN and Infinity are not JSON)";
	case 'T':
	case 'F':
		return "expected a value (true and false are lower case)";
	case '/':
	case '#':
		return "expected a value (JSON has no comments)";
	case ',':
		return "expected a value before the comma";
	case ']':
	case '}':
		if (c->depth && in_object(c) == (byte == '}'))
			return "expected a value before the bracket";
		break;
	default:
		break;
	}
	return "expected a value";
}

static int check_value(struct check *c)
{
	unsigned char byte = peek(c);

	c->want = WANT_MORE;
	switch (byte) {
	case '{':
		return open_container(c, true);
	case '[':
		return open_container(c, false);
	case '"':
		return check_string(c);
	case 't':
		return check_word(c, "true", "expected true");
	case 'f':
		return check_word(c, "false", "expected false");
	case 'n':
		return check_word(c, "null", "expected null");
	default:
		if (byte == '-' || is_digit(byte))
			return check_number(c);
		return fail_here(c, cut_reason(c), value_reason(c, byte));
	}
}

static int check_key(struct check *c)
{
	const char *reason = "expected a key in quotes";

	if (peek(c) == '"') {
		c->want = WANT_COLON;
		return check_string(c);
	}
	if (peek(c) == '}')
		reason = "expected a key after the comma";
	else if (peek(c) == '\'')
		reason = "expected a key in double quotes";
	else if (c->want == WANT_MEMBER)
		reason = "expected a key in quotes or }";
	return fail_here(c, cut_reason(c), reason);
}

/* Behind a value: a comma, the end of the container, the end of the text. */
static int check_more(struct check *c)
{
	bool object = in_object(c);

	if (!c->depth)
		return c->pos == c->len ? 0
			: fail(c, c->pos, "text after the value");
	if (peek(c) == ',') {
		c->pos++;
		c->want = object ? WANT_KEY : WANT_VALUE;
		return 0;
	}
	if (peek(c) == (object ? '}' : ']'))
		return close_container(c);
	return fail_here(c, cut_reason(c),
			 object ? "expected , or } after a value"
				: "expected , or ] after a value");
}

static int check_colon(struct check *c)
{
	if (peek(c) != ':')
		return fail_here(c, cut_reason(c), "expected : after a key");
	c->pos++;
	c->want = WANT_VALUE;
	return 0;
}

/* One step of the grammar. */
static int check_next(struct check *c)
{
	switch (c->want) {
	case WANT_ITEM:
		if (peek(c) == ']')
			return close_container(c);
		return check_value(c);
	case WANT_MEMBER:
		if (peek(c) == '}')
			return close_container(c);
		return check_key(c);
	case WANT_KEY:
		return check_key(c);
	case WANT_COLON:
		return check_colon(c);
	case WANT_MORE:
		return check_more(c);
	case WANT_VALUE:
	default:
		return check_value(c);
	}
}

int json_check(const char *text, size_t len, uint32_t max_depth,
	       struct json_fault *fault)
{
	struct check c = {
		.s = (const unsigned char *)text, .len = len, .fault = fault,
		.want = WANT_VALUE, .max_depth = max_depth,
		.words = LOCAL_WORDS
	};
	int rc;

	c.stack = c.local;
	do {
		skip_blanks(&c);
		rc = check_next(&c);
	} while (!rc && (c.depth || c.want != WANT_MORE || c.pos < c.len));
	if (c.stack != c.local)
		free(c.stack);
	if (!rc)
		*fault = (struct json_fault){ .error = FAULT_NONE };
	return rc;
}
