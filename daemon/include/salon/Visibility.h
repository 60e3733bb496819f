#pragma once

/// Marks what salond exports to its plugins. Everything else is compiled with hidden visibility, so
/// that two plugins never share a symbol by accident.
#define SALON_API __attribute__((visibility("default")))
