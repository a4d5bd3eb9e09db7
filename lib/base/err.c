/*
 * err -- messages on stderr and exit statuses.
 *
 * Nothing here allocates or takes a lock: messages must get out when memory is
 * gone, and in a child between fork and exec.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/visible.h"

/* A write of at most PIPE_BUF (4096) bytes does not mix with others. */
enum { LINE = 4096 };

#define ERASE "\r\033[K"

static const char *program = "penstock";
static atomic_bool status_shown;

void err_init(const char *argv0)
{
	const char *slash;

	if (!argv0 || !*argv0)
		return;
	slash = strrchr(argv0, '/');
	program = slash && slash[1] ? slash + 1 : argv0;
}

const char *err_program(void)
{
	return program;
}

int rc_join(int a, int b)
{
	static const int order[] = {
		RC_USAGE, RC_FAILED, RC_STOPPED, RC_FINDING
	};
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return RC_DONE;
}

/* A message that cannot be written has nowhere else to go. */
static void write_line(const char *s, size_t len)
{
	while (write(STDERR_FILENO, s, len) < 0 && errno == EINTR)
		;
}

/* ${text} made visible behind ${line}[${n}]; returns the new length. */
static size_t add_visible(char *line, size_t n, size_t cap, const char *text)
{
	size_t len = strlen(text), i = 0, out;
	char step[VISIBLE_STEP];

	while (i < len) {
		i += visible_step(text + i, len - i, step, &out);
		if (n + out + 4 > cap) {
			memcpy(line + n, "...", 3);
			return n + 3;
		}
		memcpy(line + n, step, out);
		n += out;
	}
	return n;
}

void err_vmsg(const char *fmt, va_list ap)
{
	char text[LINE], line[LINE];
	int saved = errno;
	size_t n = 0;

	if (atomic_exchange(&status_shown, false)) {
		n = strlen(ERASE);
		memcpy(line, ERASE, n);
	}
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	n = add_visible(line, n, 256, program);
	line[n++] = ':';
	line[n++] = ' ';
	n = add_visible(line, n, sizeof(line) - 1, text);
	line[n++] = '\n';
	write_line(line, n);
	errno = saved;
}

void err_msg(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vmsg(fmt, ap);
	va_end(ap);
}

void err_die(int rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vmsg(fmt, ap);
	va_end(ap);
	exit(rc);
}

/*
 * The flag is set before the write, so that a message meanwhile erases at worst
 * once too often, and after it, because that message has cleared the flag.
 */
void err_status(const char *text)
{
	char line[512];
	size_t n = strlen(ERASE);
	int saved = errno;

	if (!text && !atomic_exchange(&status_shown, false))
		return;
	memcpy(line, ERASE, n);
	if (text) {
		n = add_visible(line, n, sizeof(line), text);
		atomic_store(&status_shown, true);
	}
	write_line(line, n);
	if (text)
		atomic_store(&status_shown, true);
	errno = saved;
}
