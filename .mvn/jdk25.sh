# Finds a JDK 25 and exports JAVA_HOME, or says in one line what is missing and exits.
# Sourced by mvnw and by countersign; plain POSIX sh.
#
# A home is judged by its `release` file, which costs nothing; a JVM is started only where `java`
# on the PATH is a shim that hides its home. `jdk25_needs=java` before sourcing accepts a runtime without a compiler.

jdk25_is() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/${jdk25_needs:-javac}" ] &&
        grep -Eq '^JAVA_VERSION="25(\.|")' "$1/release" 2>/dev/null
}

# The home of the `java` on the PATH.
jdk25_on_path() {
    on_path=$(command -v java) || return 0
    home=$(readlink -f "$on_path" 2>/dev/null) && home=${home%/bin/java}
    if [ -n "$home" ] && [ -e "$home/release" ]; then
        printf '%s\n' "$home"
    else
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
    fi
}

# Prints the first JDK 25 among the places where one is usually put.
jdk25_find() {
    set +f
    if [ -n "${JAVA_HOME-}" ] && jdk25_is "$JAVA_HOME"; then
        printf '%s\n' "$JAVA_HOME"
        return
    fi
    home=$(jdk25_on_path)
    if [ -n "$home" ] && jdk25_is "$home"; then
        printf '%s\n' "$home"
        return
    fi
    for home in \
        /usr/lib/jvm/* \
        /opt/java/* /opt/jdk* \
        "${HOME-}"/.sdkman/candidates/java/* \
        "${HOME-}"/.local/share/mise/installs/java/* \
        "${HOME-}"/.asdf/installs/java/* \
        "${HOME-}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if jdk25_is "$home"; then
            printf '%s\n' "$home"
            return
        fi
    done
    if [ -x /usr/libexec/java_home ]; then
        /usr/libexec/java_home -v 25 -F 2>/dev/null
    fi
}

JAVA_HOME=$(jdk25_find) || :
if [ -z "$JAVA_HOME" ]; then
    echo "countersign: no JDK 25 found; get one from https://adoptium.net/temurin/releases/?version=25 (or: sdk install java 25-tem) and set JAVA_HOME to it" >&2
    exit 1
fi
export JAVA_HOME
