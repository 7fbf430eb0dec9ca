//! DL3028: gems without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3028",
        name: "unpinned-gem-package",
        category: Category::Packages,
        profile: Profile::Strict,
        severity: Severity::Warning,
        default_severity: Some(Severity::Info),
        summary: "`gem install` of a gem without a version",
        why: "The same Dockerfile can build a different image next month, with the newest versions at that \
              time. Specify versions, or install from a `Gemfile.lock` with Bundler.",
        bad: &[
            "FROM ruby:3.3\nRUN gem install rails\n",
            "FROM ruby:3.3\nRUN gem install --no-document bundler\n",
            "FROM ruby:3.3\nRUN gem i bundler:2.5.22 rake\n",
        ],
        good: &[
            "FROM ruby:3.3\nRUN gem install rails:7.2.1\n",
            "FROM ruby:3.3\nRUN gem install bundler -v 2.5.22\n",
            "FROM ruby:3.3\nRUN gem install bundler --version=2.5.22\n",
            "FROM ruby:3.3\nRUN gem install nokogiri:1.16.7 -- --use-system-libraries\n",
            "FROM ruby:3.3\nRUN gem install pkg/tool-1.0.gem\n",
        ],
        references: &["https://guides.rubygems.org/command-reference/#gem-install"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "pin it: `name:version`, or `-v version` for a single gem";
    super::report_unpinned(cx, findings, help, |it| {
        let command = cx.command_of(it);
        it.manager == Manager::GEM && !command.has_flag("v") && !command.has_flag("version")
    });
}
