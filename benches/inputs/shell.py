"""Shell text in RUN: each construct, each package manager, each command, and the pairs of instructions that rules compare."""
from .common import FROM, dockerfile, lines, repeat, run

# A construct: its name, what stands before, what is repeated, the middle, what is repeated behind it, what stands behind.
CONSTRUCTS = [
    ("time", "", "time ", "a", "", ""), ("time in groups", "", "time { ", "a", "; }", ""), ("coproc", "", "coproc ", "a", "", ""),
    ("negations", "", "! ", "a", "", ""), ("substitutions", "echo ", "$(", "a", ")", ""),
    ("open substitutions", "echo ", "$(", "a", "", ""), ("quoted substitutions", "echo ", "\"$(", "a", ")\"", ""),
    ("processes", "a ", "<(", "a", ")", ""), ("backticks", "echo ", "`", "a", "", ""), ("escaped backticks", "echo ", "`\\`", "a", "", ""),
    ("groups", "", "{ ", "a", "; }", ""), ("subshells", "", "( ", "a", " )", ""), ("open subshells", "", "(", "a", "", ""),
    ("if", "", "if a; then ", "b", "; fi", ""), ("if in conditions", "", "if ", "a", "; then b; fi", ""),
    ("open if", "", "if ", "a", "", ""), ("elif", "if a; then b; ", "elif a; then b; ", "", "", "fi"),
    ("while", "", "while a; do ", "b", "; done", ""), ("until", "", "until ", "a", "; do b; done", ""),
    ("for", "", "for i in a; do ", "b", "; done", ""), ("words of for", "for i in ", "a ", "", "", "; do b; done"),
    ("select", "", "select i in a; do ", "b", "; done", ""), ("case", "", "case a in b) ", "c", " ;; esac", ""),
    ("patterns of a case", "case a in ", "a|", "a", "", ") b;; esac"), ("items of a case", "case a in ", "a) b ;; ", "", "", "esac"),
    ("negated tests", "[[ ", "! ", "a", "", " ]]"), ("tests in brackets", "[[ ", "( ", "a", " )", " ]]"),
    ("tests in a row", "[[ ", "a && ", "a", "", " ]]"), ("old tests", "[ a", " -a b", "", "", " ]"), ("tests", "", "[ -f a ] && ", "b", "", ""),
    ("arithmetic in brackets", "echo $((", "(", "1", ")", "))"), ("arithmetic signs", "echo $((", "- ", "1", "", "))"),
    ("arithmetic choices", "echo $((", "1?1:", "1", "", "))"), ("arithmetic powers", "echo $((", "1**", "1", "", "))"),
    ("arithmetic indices", "echo $((", "a[", "1", "]", "))"), ("arithmetic in arithmetic", "echo ", "$((", "1", "))", ""),
    ("defaults", "echo ", "${a:-", "b", "}", ""), ("quoted defaults", "echo ", "\"${a:-", "b", "}\"", ""),
    ("replacements", "echo ", "${a//b/", "c", "}", ""), ("indices", "echo ", "${a[", "b", "]}", ""), ("slices", "echo ", "${a:b:", "c", "}", ""),
    ("functions", "", "f() { ", "a", "; }", ""), ("function names", "", "f() ", "{ a; }", "", ""), ("function keywords", "", "function f { ", "a", "; }", ""),
    ("and", "", "a && ", "a", "", ""), ("or", "", "a || ", "a", "", ""), ("pipes", "", "a | ", "a", "", ""), ("lists", "", "a ; ", "a", "", ""),
    ("jobs", "", "a & ", "a", "", ""), ("redirections", "a ", "> b ", "", "", ""), ("numbered redirections", "a ", "2>&1 ", "", "", ""),
    ("heredocs", "a ", "<<E ", "", "\nE", "\n"), ("here strings", "a ", "<<< b ", "", "", ""),
    ("braces in a row", "rm -rf /", "{a,b}", "", "", ""), ("braces with blanks", "rm -rf /", "{a,' '}", "", "", ""),
    ("braces", "echo ", "{a,", "b", "}", ""), ("sequences", "echo ", "{1..9}", "", "", ""), ("long sequences", "touch ", "{1..999999999} ", "", "", ""),
    ("alternatives", "echo ", "@(a|", "b", ")", ""), ("wildcards", "echo ", "?", "", "", ""), ("words with wildcards", "echo ", "???? ", "", "", ""),
    ("stars", "rm -rf /", "*a", "", "", "b"), ("classes", "ls ", "[a-z]", "", "", ""), ("assignments", "", "a=b ", "c", "", ""),
    ("assignments of many", "", "a=b; ", "c", "", ""), ("arrays", "", "a=(", "", ")", ""), ("items of arrays", "a=(", "b ", "", "", ")"),
    ("find in find", "", "find -exec ", "a", "", ""), ("actions of find", "find . ", "-exec a \\; ", "", "", ""), ("env", "", "env A=b ", "a", "", ""),
    ("eval", "", "eval ", "a", "", ""), ("sh -c", "", "sh -c ", "a", "", ""), ("quoted time", "sh -c '", "time ", "a", "", "'"),
    ("single quotes", "echo ", "'", "", "", ""), ("double quotes", "echo ", "\"", "", "", ""), ("quotes of C", "echo ", "$'\\x41' ", "", "", ""),
    ("translations", "echo ", "$\"a\" ", "", "", ""), ("comments", "", "# a\n", "b", "", ""), ("backslashes", "echo ", "\\", "", "", ""),
    ("joined lines", "echo a ", "\\\n", "b", "", ""), ("variables", "echo ", "$a ", "", "", ""), ("tildes", "echo ", "~a ", "", "", ""),
    ("set", "", "set -euo pipefail; ", "a", "", ""), ("cd", "", "cd a && ", "b", "", ""), ("export", "", "export A=b; ", "c", "", ""),
    ("exec", "", "exec ", "a", "", ""), ("xargs", "a ", "| xargs ", "b", "", ""), ("sudo", "", "sudo ", "a", "", ""),
    ("blank lines", "", "\n", "a", "", ""), ("carriage returns", "", "a\r\n", "", "", ""), ("open case", "", "case a in ", "", "", ""),
]

# Installs: a manager's command, what follows a number, and how it removes.
MANAGERS = {
    "apt-get": ("apt-get install -y ", "apt-get purge -y "), "apt": ("apt install ", "apt remove "), "apk": ("apk add ", "apk del "),
    "yum": ("yum install -y ", "yum remove -y "), "dnf": ("dnf install -y ", "dnf remove -y "), "zypper": ("zypper install ", "zypper rm "),
    "pacman": ("pacman -S ", "pacman -R "), "pip": ("pip install ", "pip uninstall -y "), "npm": ("npm install -g ", "npm uninstall -g "),
    "yarn": ("yarn add ", "yarn remove "), "pnpm": ("pnpm add ", "pnpm remove "), "gem": ("gem install ", "gem uninstall "),
    "go": ("go install ", "go clean "), "cargo": ("cargo install ", "cargo uninstall "), "composer": ("composer require ", "composer remove "),
    "conda": ("conda install -y ", "conda remove "), "microdnf": ("microdnf install ", "microdnf remove "), "poetry": ("poetry add ", "poetry remove "),
    "uv": ("uv pip install ", "uv pip uninstall "), "dpkg": ("dpkg -i ", "dpkg -r "), "bundle": ("bundle install --gemfile ", "bundle clean "),
    "dotnet": ("dotnet add package ", "dotnet remove package "), "brew": ("brew install ", "brew uninstall "),
}

# Commands that rules look at, each with an operand that is repeated.
COMMANDS = [
    ("rm -rf", "/var/cache/a{i} "), ("rm -rf", "/a*{i}* "), ("curl -fsSL", "https://e.io/a{i} "), ("curl", "-H 'A: {i}' "),
    ("wget", "https://e.io/a{i}.tgz "), ("wget", "-O a{i} "), ("tar xzf", "a{i}.tgz "), ("tar", "--exclude=a{i} "), ("unzip", "a{i}.zip "),
    ("chown -R a", "/a{i} "), ("chmod -R 755", "/a{i} "), ("chmod 777", "/a{i} "), ("mkdir -p", "/a{i}/b "), ("cp -r", "a{i} "), ("mv", "a{i} "),
    ("ln -s", "a{i} "), ("echo", "a{i} "), ("printf", "'%s' "), ("cat", "a{i} "), ("sed -i", "-e s/a/b{i}/ "), ("awk", "'{print}' "),
    ("grep -r", "a{i} "), ("git clone", "https://e.io/a{i} "), ("git", "-c a{i}=b "), ("useradd", "-G a{i} "), ("adduser", "a{i} "),
    ("sudo", "-u a{i} "), ("su", "a{i} -c b "), ("env", "A{i}=b "), ("timeout", "1 "), ("nice", "nice "), ("exec", "a{i} "), ("eval", "a{i} "),
    ("sh -c", "'a{i}' "), ("bash -c", "\"echo 'a'\" "), ("python -c", "'print({i})' "), ("python3 -m pip install", "a{i} "),
    ("pip install", "-r a{i}.txt "), ("pip install", "--index-url https://a{i}@e.io "), ("npm ci", "--a{i} "), ("npm config set", "a{i} b "),
    ("yarn install", "--a{i} "), ("go build", "./a{i} "), ("make", "a{i} "), ("cmake", "-DA{i}=b "), ("systemctl enable", "a{i} "),
    ("service", "a{i} start "), ("apt-key adv", "--recv-keys {i} "), ("gpg", "--recv-keys {i} "), ("add-apt-repository", "ppa:a{i} "),
    ("find / ", "-name a{i} -o "), ("find /a{i} ", "-delete "), ("xargs", "-n1 "), ("tee", "/etc/a{i} "), ("touch", "/a{i} "),
    ("export", "A{i}=b "), ("export PATH=", "/a{i}:"), ("unset", "A{i} "), ("set", "-o a{i} "), ("cd", "a{i} "), ("source", "a{i} "), (".", "./a{i} "),
    ("alias", "a{i}=b "), ("trap", "'a{i}' EXIT "), ("read", "a{i} "), ("test -f", "a{i} -a "), ("groupadd", "-g {i} a "), ("setcap", "cap_{i}=ep /a{i} "),
    ("update-alternatives --install", "/a{i} a b 1 "), ("debconf-set-selections", "<<< a{i} "), ("locale-gen", "a{i} "), ("dd if=/dev/zero", "of=a{i} "),
    ("truncate -s 1G", "a{i} "), ("install -m 755", "a{i} "), ("rsync -a", "a{i} "), ("scp", "a{i}:b "), ("ssh-keyscan", "a{i} "), ("nc", "a{i} "),
    ("php artisan", "a{i} "), ("java -jar", "a{i}.jar "), ("mvn", "-DA{i}=b "), ("gradle", "a{i} "), ("rustup target add", "a{i} "), ("docker build", "a{i} "),
]

# Lines that rules compare with each other.
PAIRS = [
    "RUN apt-get update\nRUN apt-get install -y a{i}\n", "RUN apt-get update && apt-get install -y a{i}\nRUN rm -rf /var/lib/apt/lists/*\n",
    "COPY . .\nRUN npm ci\n", "RUN npm ci\nCOPY . .\n", "COPY package.json .\nRUN npm install\nCOPY . .\nRUN npm run build\n", "COPY . .\nRUN go build\n",
    "COPY go.mod .\nRUN go mod download\nCOPY . .\n", "COPY . .\nRUN cargo build --release\n", "COPY . .\nRUN mvn package\n", "COPY . .\nRUN gradle build\n",
    "COPY . .\nRUN pip install -r requirements.txt\n", "COPY r{i}.txt .\nRUN pip install -r r{i}.txt\n", "COPY . .\nRUN poetry install\n", "COPY . .\nRUN bundle install\n",
    "COPY . .\nRUN composer install\n", "COPY . .\nRUN dotnet restore\n", "COPY . .\nRUN yarn install\n", "COPY . .\nRUN pnpm install\n",
    "RUN wget http://e.io/a{i}.tgz\nRUN tar xf a{i}.tgz\nRUN rm a{i}.tgz\n", "ADD http://e.io/a{i}.tgz /\nRUN tar xf /a{i}.tgz && rm /a{i}.tgz\n",
    "RUN curl -O http://e.io/a{i}.deb\nRUN dpkg -i a{i}.deb\nRUN rm a{i}.deb\n", "COPY a{i} /a{i}\nRUN chown a /a{i}\n", "COPY a{i} /a{i}\nRUN chmod +x /a{i}\nRUN /a{i}\n",
    "COPY a{i}.tar /\nRUN tar xf a{i}.tar\n", "COPY a{i} /a\nRUN rm /a\n", "COPY a /b{i}\nRUN rm -rf /*{i}\n", "RUN mkdir /a{i}\nRUN rm -r /a{i}\n", "RUN touch /a{i}\nRUN mv /a{i} /b{i}\n",
    "RUN git clone http://e.io/a{i}\nRUN cd a{i} && make\n", "RUN useradd a{i}\nUSER a{i}\n", "USER a{i}\nRUN sudo b\nUSER root\n", "USER root\nRUN a\nUSER b{i}\n",
    "VOLUME /a{i}\nRUN echo b > /a{i}/c\n", "VOLUME /a{i}\nCOPY b /a{i}/\nRUN chown c /a{i}\n", "WORKDIR /a{i}\nRUN cd /b && c\n", "RUN cd /a{i}\nRUN b\n", "RUN cd /a{i} && b\nWORKDIR /a{i}\n",
    "ENV A{i}=b\nRUN echo $A{i}\n", "ENV A{i}=b\nENV C{i}=$A{i}\n", "ARG A{i}\nRUN echo $A{i}\n", "ARG A{i}\nENV A{i}=$A{i}\n", "ENV PATH=/a{i}:$PATH\nRUN a{i}\n", "RUN export A{i}=b\nRUN echo $A{i}\n",
    "ENV SECRET{i}=abcdefgh\nRUN echo $SECRET{i}\n", "ARG TOKEN{i}=abcdefgh\nRUN curl -H $TOKEN{i} http://e.io\n", "RUN --mount=type=secret,id=a{i} cat /run/secrets/a{i}\n",
    "RUN --mount=type=cache,target=/root/.cache/pip pip install a{i}\nRUN rm -rf /root/.cache\n", "RUN pip install a{i}\nRUN rm -rf /root/.cache/pip\n", "RUN npm i -g a{i}\nRUN npm cache clean --force\n",
    "CMD a{i}\nENTRYPOINT [\"b\"]\n", "HEALTHCHECK CMD a{i}\nCMD b\n", "EXPOSE {i}\nLABEL a{i}=b\n", "SHELL [\"bash\", \"-c\"]\nRUN a{i} | b\nSHELL [\"sh\"]\nRUN a | b\n", "RUN set -o pipefail; a{i} | b\nRUN a | b\n",
    "FROM a AS s{i}\nCOPY --from=s{i-1} /a /b\n", "FROM a AS s{i}\nCOPY --from=s0 /a /b\nRUN c\n", "FROM a{i}\nCOPY --from={i-1} /a /b\n", "FROM s{i} AS s{i+1}\nENV A{i}=b\nRUN c\n", "FROM s{i} AS s{i+1}\nUSER a\nWORKDIR b\n",
    "FROM golang AS s{i}\nCOPY . .\nRUN go build -o /a\nFROM scratch\nCOPY --from=s{i} /a /a\n", "FROM a AS s\nRUN b\n", "FROM a AS s{i}\nRUN --mount=type=bind,from=s{i-1},target=/a b\n", "FROM node AS s{i}\nRUN npm ci\nRUN npm run build\n",
    "RUN apk add --virtual .a{i} b\nRUN apk del .a{i}\n", "RUN apk add a{i}\nRUN apk del a{i}\n", "RUN apt-get install -y a{i}\nRUN apt-get purge -y a{i}\n", "RUN yum install -y a{i}\nRUN yum clean all\n", "RUN dnf install -y a{i} && dnf clean all\n",
    "RUN python -m venv /v{i}\nRUN /v{i}/bin/pip install a\n", "RUN echo 'a{i}' >> /etc/b\nRUN cat /etc/b\n", "RUN ln -s /a{i} /b\nRUN rm /b\n", "RUN chmod -R 777 /a\nRUN chown -R b /a\n", "RUN curl http://e.io/a{i} | sh\nRUN wget -O- http://e.io | bash\n",
    "RUN a && \\\n    b{i} && \\\n    c\n", "RUN <<E\napt-get update\napt-get install -y a{i}\nE\n", "COPY a{i} b{i} c{i} /d/\nRUN e /d/a{i}\n", "COPY --link a{i} /a{i}\nCOPY --chown=b a{i} /a{i}\n", "ONBUILD COPY . .\nONBUILD RUN npm ci\n", "LABEL maintainer=a{i}\nMAINTAINER b\n",
    "RUN find / -name a{i} -exec rm {} \\;\nRUN find /b -delete\n", "RUN ssh-keygen -f /a{i}\nRUN rm /a{i}\n", "RUN pip download a{i}\nRUN pip install *.whl\n", "RUN sed -i s/a/b{i}/ /etc/c\nRUN sed -i s/b/a/ /etc/c\n", "RUN make -j{i}\nRUN make install\nRUN make clean\n",
    "ADD a{i}.tar.gz /b\nRUN rm -rf /b/c{i}\n", "COPY a /a{i}\nCOPY a /a{i}\n", "COPY a /\nRUN b\nCOPY a /c{i}\n", "ENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get install -y a{i}\n", "RUN date > /a{i}\nRUN git pull\n", "RUN gem install a{i}\nRUN bundle install\nCOPY . .\n",
]


def families():
    for name, start, opening, middle, closing, end in CONSTRUCTS:
        def text(size, start=start, opening=opening, middle=middle, closing=closing, end=end):
            depth = max(1, size // (len(opening) + len(closing)))
            return f"{FROM}RUN <<EOF\n{start}{opening * depth}{middle}{closing * depth}{end}\nEOF\n"

        yield dockerfile(f"shell: {name}", text)

        # What is below the bounds of one text is what the checks see, so many texts of middle size count too.
        def many(size, start=start, opening=opening, middle=middle, closing=closing, end=end):
            depth = max(1, min(4000 // (len(opening) + len(closing)), 90))
            line = f"{start}{opening * depth}{middle}{closing * depth}{end}"
            return FROM + repeat(f"RUN <<EOF\n{line}\nEOF\n", size)

        yield dockerfile(f"shell, many: {name}", many)
    for name, (install, remove) in MANAGERS.items():
        yield run(f"packages: {name}: one list", "a{i} ", install)
        yield run(f"packages: {name}: one list of the same", "a=1.0 ", install)
        yield lines(f"packages: {name}: a RUN each", f"RUN {install}a{{i}}\n")
        yield lines(f"packages: {name}: installs and removals", f"RUN {install}a{{i}}\nRUN {remove}a{{i}}\n")
        yield run(f"packages: {name}: one RUN", f"{install}a{{i}} && {remove}b{{i}} && ", "", "c")
    for command, operand in COMMANDS:
        yield run(f"command: {command} {operand.strip()}", operand, command + " ")
        yield run(f"command, many: {command} {operand.strip()}", f"{command} {operand}&& ", "", "a")
        yield lines(f"command, RUN each: {command} {operand.strip()}", f"RUN {command} {operand}\n")
    for pair in PAIRS:
        name = " / ".join(pair.splitlines())
        yield lines(f"pair: {name}", pair)
        # The same without numbers: what is alike may be compared with all that is alike.
        if "{i}" in pair and not pair.startswith("FROM"):
            same = pair.replace("{i}", "").replace("{i-1}", "").replace("{i+1}", "")
            yield lines(f"pair, the same: {name}", same)
    for (first, one), (second, two) in zip(COMMANDS, COMMANDS[7:]):
        yield lines(f"triple: {first} {one.strip()} / {second} {two.strip()}", f"RUN {first} {one}\nCOPY a{{i}} /b\nRUN {second} {two}\n")
