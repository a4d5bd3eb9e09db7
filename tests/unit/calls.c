/*
 * Unit test of lib/stream/calls.h: which calls and rows fit, and that what the
 * messages suggest does.
 */
#include <stdint.h>
#include <fcntl.h>

#include "base/err.h"
#include "stream/calls.h"
#include "unit.h"

/* The rules as the scan document has them. */
static bool fits(uint64_t n, uint64_t r, uint64_t all)
{
	return n * r >= all && r <= all && (n - 1) * r < all;
}

/* The number behind ${name} in ${text}, or ${none}. */
static uint64_t number_behind(const char *text, const char *name, uint64_t none)
{
	const char *p = strstr(text, name);

	return p ? strtoull(p + strlen(name), NULL, 10) : none;
}

static char said[512];

/* calls_fit() with its message in said. */
static int ask(int fd, uint64_t n, uint64_t r, uint64_t all)
{
	int saved = dup(STDERR_FILENO), rc;
	ssize_t len;

	CHECK(!ftruncate(fd, 0) && !lseek(fd, 0, SEEK_SET));
	dup2(fd, STDERR_FILENO);
	rc = calls_fit(n, r, all);
	dup2(saved, STDERR_FILENO);
	close(saved);
	len = pread(fd, said, sizeof(said) - 1, 0);
	said[len > 0 ? len : 0] = '\0';
	return rc;
}

static void check(int fd, uint64_t n, uint64_t r, uint64_t all)
{
	int rc = ask(fd, n, r, all);
	const char *fix = strstr(said, "(give");
	uint64_t calls, rows;

	CHECK(rc == (fits(n, r, all) ? RC_DONE : RC_USAGE));
	CHECK(!*said == !rc);
	if (!rc || !all)
		return;
	CHECK(fix != NULL);
	calls = number_behind(fix, "--calls=", 0);
	rows = number_behind(fix, "--rows=", 0);
	CHECK(calls || rows);
	CHECK(!calls || fits(calls, r, all));
	CHECK(!rows || fits(n, rows, all) || strstr(fix, "at most"));
	if (strstr(fix, "at most"))
		CHECK(rows == all);
}

int main(int argc, char **argv)
{
	char path[] = "/tmp/calls.XXXXXX";
	int fd = mkstemp(path);

	(void)argc;
	err_init(argv[0]);
	CHECK(fd >= 0 && !unlink(path));
	for (uint64_t n = 1; n < 9; n++)
		for (uint64_t r = 1; r < 12; r++)
			for (uint64_t all = 0; all < 30; all++)
				check(fd, n, r, all);
	CHECK(ask(fd, 5, 0, 7) == RC_DONE);
	CHECK(ask(fd, UINT32_MAX, UINT64_MAX / 2, UINT64_MAX) == RC_USAGE);
	CHECK(ask(fd, 2, UINT64_MAX / 2 + 1, UINT64_MAX) == RC_DONE);
	CHECK(ask(fd, 2, 1000000, 2000000) == RC_DONE);
	close(fd);
	return unit_end("calls");
}
