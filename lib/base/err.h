/*
 * err -- messages on stderr and exit statuses.
 *
 * A message is one line and one write(2): "program: text\n".  Control bytes in
 * it are shown escaped, so that data cannot drive a terminal; what goes over
 * 4096 bytes (PIPE_BUF) is cut and ends with "...".
 *
 * Thread rule: err_init() first, in main(); the rest from any thread.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

/* Exit status: the same in every program (DESIGN: conventions). */
enum {
	RC_DONE = 0,	/* done */
	RC_FINDING = 1,	/* done, with a finding */
	RC_USAGE = 2,	/* usage or configuration, found before any work */
	RC_FAILED = 3,	/* I/O, memory, network; the output is incomplete */
	RC_STOPPED = 75	/* stopped early on purpose, partial result is valid */
};

/* The status that counts where ${a} and ${b} both apply: 2, 3, 75, 1, 0. */
int rc_join(int a, int b);

/* Sets the program's name from argv[0] (its last component). */
void err_init(const char *argv0);
const char *err_program(void);

/* Prints a message.  Cannot fail; errno is kept. */
void err_msg(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void err_vmsg(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

/* As err_msg(), then exit(${rc}).  For main() and its helpers alone. */
void err_die(int rc, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/*
 * Shows ${text} (ASCII, under 500 bytes) as the last line of the terminal in
 * place of what this call showed before; NULL erases it.  A message erases it
 * first.  For progress.c.
 */
void err_status(const char *text);

#endif
