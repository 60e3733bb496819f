#include "host/Reason.h"

#include <Poco/Exception.h>

#include <exception>

namespace salon {

std::string currentReason() {
    try {
        throw;
    } catch (const Poco::Exception& exception) {
        return exception.displayText(); // its what() is the name of the class only
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an exception of an unknown type";
    }
}

} // namespace salon
