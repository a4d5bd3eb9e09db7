/*
 * Unit test of lib/base/digest: sums that others have published.
 */
#include "base/digest.h"
#include "unit.h"

static bool is_sha256(const char *text, const char *want)
{
	char hex[SHA256_HEX];

	digest_sha256(text, strlen(text), hex);
	return !strcmp(hex, want);
}

static bool is_md5(const char *text, const char *want)
{
	char hex[MD5_HEX];

	digest_md5(text, strlen(text), hex);
	return !strcmp(hex, want);
}

int main(void)
{
	/* FIPS 180-2, appendix B */
	CHECK(is_sha256("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9"
			       "cb410ff61f20015ad"));
	/* of a real organisation: the Console API */
	CHECK(is_sha256("92ef6ada-1101-4982-b627-45cadfd955a2-com.datahub-user-"
			"jsonschema",
			"be0751ef5b6721bdb489bed2a2b6055a25d31683dd942ff9ffc02d"
			"f3899caa74"));
	/* RFC 1321, A.5 */
	CHECK(is_md5("", "d41d8cd98f00b204e9800998ecf8427e"));
	CHECK(is_md5("abc", "900150983cd24fb0d6963f7d28e17f72"));
	/* DataHub's golden file */
	CHECK(is_md5("{\"organization_id\":\"test-org-uuid\","
		     "\"platform\":\"snowplow\"}",
		     "3bf061cc74e4eaa3a14d992578eae672"));
	return unit_end("digest");
}
