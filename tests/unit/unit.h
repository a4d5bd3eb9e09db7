/*
 * unit -- what the unit tests share: counting checks, and children whose
 * messages and exit status are looked at.
 *
 * A test's main() ends with "return unit_end(NAME);".
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

static int checks, failures;

#define CHECK(cond) unit_check(cond, #cond, __FILE__, __LINE__)

static inline void unit_check(bool ok, const char *what, const char *file,
			      int line)
{
	checks++;
	if (ok)
		return;
	failures++;
	printf("%s:%d: not true: %s\n", file, line, what);
}

/* Is ${b} the text ${want}?  Says what it is where not. */
static inline bool same(const struct buf *b, const char *want)
{
	if (b->len == strlen(want) &&
	    (!b->len || !memcmp(b->s, want, b->len)))
		return true;
	printf("is   \"%.*s\"\nnot  \"%s\"\n", (int)b->len, b->s, want);
	return false;
}

/* Reads ${fd} to its end, and closes it. */
static inline void read_all(int fd, struct buf *text)
{
	ssize_t n;

	buf_clear(text);
	while ((n = read(fd, buf_reserve(text, 4096), 4096)) > 0)
		text->len += (size_t)n;
	close(fd);
}

/* Exit status of ${run}, -signal; ${text} gets what it wrote to stderr. */
static inline int in_child(int (*run)(const void *), const void *arg,
			   struct buf *text)
{
	int fds[2], status;
	pid_t pid;

	fflush(stdout);
	if (pipe(fds) || (pid = fork()) < 0) {
		perror("in_child");
		exit(1);
	}
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		exit(run(arg));
	}
	close(fds[1]);
	read_all(fds[0], text);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static inline int unit_end(const char *name)
{
	if (failures) {
		printf("failed %s: %d of %d checks\n", name, failures, checks);
		return 1;
	}
	printf("ok %s: %d checks\n", name, checks);
	return 0;
}

#endif
