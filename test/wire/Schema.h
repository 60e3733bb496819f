#pragma once

#include <Poco/Dynamic/Var.h>
#include <Poco/JSON/Object.h>

#include <functional>
#include <memory>
#include <string>

namespace salon::wire {

/// A JSON Schema, compiled. The validator knows draft 7, which shares with 2020-12 every keyword
/// that Salon's schemas use.
class Schema {
public:
    /// @param schema its references (`#/$defs/User`) lead into `document`
    Schema(const Poco::Dynamic::Var& schema, const Poco::Dynamic::Var& document);
    ~Schema();
    Schema(Schema&&) noexcept;

    /// Where `value` breaks which rule, a line each; empty when it is valid.
    std::string faults(const Poco::Dynamic::Var& value) const;

private:
    struct Compiled;
    std::unique_ptr<Compiled> _compiled;
};

/// From now on every object has only the properties that its schema lists: what a server sends is
/// all described, though a client is to ignore what it does not know.
void makeStrict(const Poco::Dynamic::Var& document);

/// What a format says the patterns say as well, and the validator takes a hundred times as long for
/// a date.
void leaveOutFormats(const Poco::Dynamic::Var& document);

/// Calls back for each object in a text, however deep, the inner ones first.
void eachObject(const Poco::Dynamic::Var& value,
                const std::function<void(Poco::JSON::Object&)>& visit);

} // namespace salon::wire
