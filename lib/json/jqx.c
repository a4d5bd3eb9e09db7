/*
 * jqx -- programs run by libjq; the one file that knows jv.h and jq.h.
 */
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>
#include <jv.h>
#include <jq.h>

#include "base/err.h"
#include "base/mem.h"
#include "json/jqx.h"
#include "json/value.h"

struct jqx {
	jq_state *jq;
	struct buf errors;	/* what libjq says while it compiles */
};

/*
 * Put before each program.  libjq 1.6 ends the whole process by a failed
 * assertion when strftime meets a number outside the years an int can count,
 * such as a time in nanoseconds; gmtime fails properly.  "stderr" would write
 * between our messages.
 */
static const char prelude[] =
	"def _penstock_strftime(f): strftime(f); "
	"def strftime(f): if type == \"number\" then gmtime else . end"
	" | _penstock_strftime(f); "
	"def _penstock_strflocaltime(f): strflocaltime(f); "
	"def strflocaltime(f): if type == \"number\" then localtime else . end"
	" | _penstock_strflocaltime(f); "
	"def todateiso8601: strftime(\"%Y-%m-%dT%H:%M:%SZ\"); "
	"def todate: todateiso8601; "
	"def stderr: .; ";

/* Adds the text of ${s}, line ends as single spaces. */
static void add_line(struct buf *to, const char *s, size_t len)
{
	struct span text = value_trim(s, len);

	if (to->len && text.len)
		buf_addc(to, ' ');
	for (size_t i = 0; i < text.len; i++) {
		bool blank = value_is_blank(text.s[i]);

		if (!blank || !value_is_blank(text.s[i - 1]))
			buf_addc(to, blank ? ' ' : text.s[i]);
	}
}

/* The text of ${value}, which is consumed: a string's own, else its JSON. */
static void add_text(struct buf *to, jv value)
{
	if (jv_get_kind(value) != JV_KIND_STRING)
		value = jv_dump_string(value, 0);
	add_line(to, jv_string_value(value),
		 (size_t)jv_string_length_bytes(jv_copy(value)));
	jv_free(value);
}

static void on_error(void *arg, jv msg)
{
	add_text(arg, msg);
}

static void on_debug(void *arg, jv msg)
{
	(void)arg;
	jv_free(msg);
}

static jv on_input(jq_state *jq, void *arg)
{
	(void)jq;
	(void)arg;
	return jv_invalid_with_msg(jv_string(
		"input is not possible here: one record at a time"));
}

/* mem.h ends the program, as it does for our own memory. */
static void on_no_memory(void *arg)
{
	(void)arg;
	free(mem_zalloc(SIZE_MAX, 2));
}

/*
 * libjq does not look at all that it allocates: without memory it also runs into
 * its own assertions, which abort().  That is the status of no memory here.
 */
static void on_abort(int signo)
{
	static const char text[] =
		"libjq gave up, most likely for want of memory\n";

	(void)signo;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(RC_FAILED);
	_exit(RC_FAILED);
}

/* Modules are looked for nowhere. */
static bool set_up(struct jqx *x)
{
	signal(SIGABRT, on_abort);
	x->jq = jq_init();
	if (!x->jq) {
		buf_adds(&x->errors, "libjq could not be started");
		return false;
	}
	jq_set_nomem_handler(x->jq, on_no_memory, NULL);
	jq_set_error_cb(x->jq, on_error, &x->errors);
	jq_set_debug_cb(x->jq, on_debug, NULL);
	jq_set_input_cb(x->jq, on_input, NULL);
	jq_set_attr(x->jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	return true;
}

static bool compile(struct jqx *x, const char *program, jv since)
{
	jv args;

	if (!set_up(x)) {
		jv_free(since);
		return false;
	}
	args = jv_object_set(jv_object(), jv_string("since"), since);
	return jq_compile_args(x->jq, program, args);
}

void jqx_free(struct jqx *x)
{
	if (!x)
		return;
	if (x->jq)
		jq_teardown(&x->jq);
	buf_release(&x->errors);
	free(x);
}

/*
 * The messages for a program that does not compile, from another try without
 * the prelude, which libjq would show.
 */
static void explain(const char *source, jv since, struct buf *why)
{
	struct jqx *x = mem_zalloc(1, sizeof(*x));

	if (compile(x, source, since))
		buf_adds(&x->errors, "import, include and module are not "
				     "possible here");
	buf_add(why, x->errors.s, x->errors.len);
	jqx_free(x);
}

/*
 * Parses exactly one value.  On failure an invalid jv, with libjq's reason in
 * ${why}.
 */
static jv parse(const char *text, size_t len, struct buf *why)
{
	struct jv_parser *parser = jv_parser_new(0);
	jv value;

	jv_parser_set_buf(parser, text, (int)len, 0);
	value = jv_parser_next(parser);
	if (!jv_is_valid(value)) {
		buf_adds(why, "libjq cannot take this record:");
		add_text(why, jv_invalid_get_msg(value));
		value = jv_invalid();
	}
	jv_parser_free(parser);
	return value;
}

struct jqx *jqx_compile(const char *source, const char *since, struct buf *why)
{
	struct jqx *x;
	struct buf program = {0};
	jv value = parse(since, strlen(since), why);

	if (!jv_is_valid(value))
		return NULL;
	x = mem_zalloc(1, sizeof(*x));
	buf_adds(&program, prelude);
	buf_adds(&program, source);
	if (!compile(x, buf_cstr(&program), jv_copy(value))) {
		explain(source, jv_copy(value), why);
		jqx_free(x);
		x = NULL;
	}
	jv_free(value);
	buf_release(&program);
	return x;
}

/*
 * Adds the message of halt_error to ${why}, if there is one.  libjq 1.6 frees
 * it at each jq_start() from now on, so an empty one is put in its place.
 */
static bool take_message(jq_state *jq, struct buf *why)
{
	jv message = jq_get_error_message(jq);
	bool is = jv_is_valid(message);

	if (is)
		add_text(why, message);
	else
		jv_free(message);
	jq_start(jq, jv_null(), 0);
	jq_halt(jq, jv_invalid(), jv_invalid());
	return is;
}

/* The program ended without an output: an error, or just the end of it. */
static int ended(struct jqx *x, jv result, struct buf *out, struct buf *why)
{
	size_t before = why->len;

	if (jv_invalid_has_msg(jv_copy(result))) {
		add_text(why, jv_invalid_get_msg(result));
		if (why->len == before)
			buf_adds(why, "error without a message");
		return -1;
	}
	jv_free(result);
	if (jq_halted(x->jq) && take_message(x->jq, why))
		return -1;
	if (out)
		buf_adds(out, "null");
	return 0;
}

static int first_output(struct jqx *x, struct buf *out, struct buf *why)
{
	jv result = jq_next(x->jq);
	jv_kind kind = jv_get_kind(result);

	if (kind == JV_KIND_INVALID)
		return ended(x, result, out, why);
	if (!out) {
		jv_free(result);
	} else {
		result = jv_dump_string(result, 0);
		buf_adds(out, jv_string_value(result));
		jv_free(result);
	}
	return kind != JV_KIND_NULL && kind != JV_KIND_FALSE;
}

int jqx_run(struct jqx *x, const char *text, size_t len, struct buf *out,
	    struct buf *why)
{
	jv value;

	if (len > INT_MAX) {
		buf_addf(why, "libjq cannot take this record: %zu bytes are "
			 "more than its %d", len, INT_MAX);
		return -1;
	}
	value = parse(text, len, why);
	if (!jv_is_valid(value))
		return -1;
	jq_start(x->jq, value, 0);
	return first_output(x, out, why);
}
