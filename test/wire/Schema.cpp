#include "Schema.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <valijson/adapters/poco_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace salon::wire {

using Poco::JSON::Array;
using Poco::JSON::Object;

struct Schema::Compiled {
    valijson::Schema schema;
};

Schema::Schema(const Poco::Dynamic::Var& schema, const Poco::Dynamic::Var& document)
    : _compiled(std::make_unique<Compiled>()) {
    // The validator looks for references in the text that it is given, so the schema comes along
    // with the rest of its document.
    Object::Ptr whole = new Object(*document.extract<Object::Ptr>());
    for (const auto* name : {"anyOf", "$schema", "paths"}) whole->remove(name);
    Array::Ptr only = new Array;
    only->add(schema);
    whole->set("allOf", only);
    const Poco::Dynamic::Var root(whole);
    const valijson::adapters::PocoJsonAdapter adapter(root);
    valijson::SchemaParser().populateSchema(adapter, _compiled->schema);
}

Schema::~Schema() = default;
Schema::Schema(Schema&&) noexcept = default;

std::string Schema::faults(const Poco::Dynamic::Var& value) const {
    valijson::ValidationResults results;
    const valijson::adapters::PocoJsonAdapter adapter(value);
    // It keeps the expressions that it has compiled.
    thread_local valijson::Validator validator;
    if (validator.validate(_compiled->schema, adapter, &results)) return {};
    std::string faults;
    for (valijson::ValidationResults::Error error; results.popError(error);) {
        std::string place;
        for (const auto& step : error.context) place += step == "<root>" ? "" : step;
        faults += (place.empty() ? "whole" : place) + ": " + error.description + '\n';
    }
    return faults;
}

void eachObject(const Poco::Dynamic::Var& value, const std::function<void(Object&)>& visit) {
    if (value.type() == typeid(Array::Ptr)) {
        for (const auto& element : *value.extract<Array::Ptr>()) eachObject(element, visit);
    } else if (value.type() == typeid(Object::Ptr)) {
        Object::Ptr object = value.extract<Object::Ptr>();
        for (const auto& [name, member] : *object) eachObject(member, visit);
        visit(*object);
    }
}

void makeStrict(const Poco::Dynamic::Var& document) {
    eachObject(document, [](Object& object) {
        if (object.isObject("properties") && !object.has("additionalProperties")) {
            object.set("additionalProperties", false);
        }
    });
}

void leaveOutFormats(const Poco::Dynamic::Var& document) {
    eachObject(document, [](Object& object) {
        if (object.has("format") && object.get("format").isString()) object.remove("format");
    });
}

} // namespace salon::wire
