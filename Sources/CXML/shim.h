// Debian's libxml2 headers pull in the system's ICU, which clashes with the ICU that Foundation
// carries ('UErrorCode' has different definitions in different modules). The parser interface needs
// none of it, so the switch is turned off before the headers are read.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>
