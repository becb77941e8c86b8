//! All mutants of a file in one text.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr};

use crate::Failure;
use crate::list::{Mutant, Place};

/// Why a mutant is not in the text.
pub const LET_CHAIN: &str = "`let` in an `||`";
/// It compiles, but not beside others.
pub const NOT_IN_ONE_BUILD: &str = "not in one build";
pub const NOT_FOUND: &str = "not found in the source";

/// What begins the guard of an arm that is to be deleted.
pub const ARM: &str = "  if ";

/// A text with switches.
pub struct Woven {
    pub text: String,
    /// Which mutants a piece of the text belongs to: the outer ones come first.
    pub pieces: Vec<(Range<usize>, Vec<usize>)>,
    /// Names of functions that are no longer const, so that they may ask.
    pub loosened: HashSet<String>,
    pub left_out: Vec<(usize, &'static str)>,
}

/// By genre, start and end: the mutants there, each with its number.
type Wanted<'a> = HashMap<(String, usize, usize), Vec<(usize, &'a Mutant)>>;

/// Where a place is, in bytes.
pub fn offsets(source: &str) -> impl Fn(Place) -> usize {
    let lines: Vec<usize> =
        [0].into_iter().chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
    move |(line, column)| {
        let start = lines[line - 1];
        let mut characters = source[start..].char_indices();
        start + characters.nth(column - 1).map_or(source.len() - start, |(at, _)| at)
    }
}

/// Weaves these mutants of a file, each with its number. Functions named `constant` stay const.
pub fn weave(
    source: &str,
    mutants: &[(usize, &Mutant)],
    constant: &HashSet<String>,
) -> Result<Woven, Failure> {
    let offset = offsets(source);
    let mut wanted = Wanted::new();
    for &(number, mutant) in mutants {
        let place = (mutant.genre.clone(), offset(mutant.start), offset(mutant.end));
        wanted.entry(place).or_default().push((number, mutant));
    }
    let mut finder = Finder {
        source,
        wanted,
        constant,
        edits: BTreeMap::new(),
        loosened: HashSet::new(),
        left_out: Vec::new(),
    };
    // A thousand switches in one function would take the compiler minutes.
    for (at, always) in source.match_indices("#[inline(always)]") {
        finder.edit(at..at + always.len(), 0, Edit::Remove);
    }
    finder.visit_file(&syn::parse_file(source)?);
    let Finder { wanted, edits, loosened, mut left_out, .. } = finder;
    left_out.extend(wanted.into_values().flatten().map(|(number, _)| (number, NOT_FOUND)));
    let mut weaver = Weaver {
        source,
        edits: edits.into_iter().collect(),
        text: String::new(),
        pieces: Vec::new(),
    };
    weaver.emit(0..source.len(), 0..weaver.edits.len());
    Ok(Woven { text: weaver.text, pieces: weaver.pieces, loosened, left_out })
}

/// Where an edit is. Of those that start at one place insertions are first, then the longest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    start: usize,
    replaces: bool,
    end: Reverse<usize>,
    order: u8,
}

enum Edit {
    /// Before a place, each text with its number: `if on(number) { return text; }`.
    Return(Vec<(usize, String)>),
    /// After a pattern: `if !(on(number))`.
    Guard(Vec<usize>),
    /// An expression, or these in its place.
    Wrap(Vec<(usize, String)>),
    Remove,
}

struct Finder<'a> {
    source: &'a str,
    wanted: Wanted<'a>,
    constant: &'a HashSet<String>,
    edits: BTreeMap<Key, Edit>,
    loosened: HashSet<String>,
    left_out: Vec<(usize, &'static str)>,
}

impl<'a> Finder<'a> {
    fn take(&mut self, genre: &str, range: Range<usize>) -> Vec<(usize, &'a Mutant)> {
        self.wanted.remove(&(genre.to_owned(), range.start, range.end)).unwrap_or_default()
    }

    fn text(&self, node: &impl Spanned) -> &'a str {
        &self.source[node.span().byte_range()]
    }

    fn edit(&mut self, range: Range<usize>, order: u8, edit: Edit) {
        let (start, end) = (range.start, range.end);
        self.edits.insert(Key { start, replaces: start < end, end: Reverse(end), order }, edit);
    }

    fn wrap(&mut self, node: &impl Spanned, order: u8, texts: Vec<(usize, String)>) {
        if !texts.is_empty() {
            self.edit(node.span().byte_range(), order, Edit::Wrap(texts));
        }
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let (Some(first), Some(last)) = (block.stmts.first(), block.stmts.last()) else { return };
        let range = first.span().byte_range().start..last.span().byte_range().end;
        let taken = self.take("FnValue", range.clone());
        if signature.output.to_token_stream().into_iter().any(|token| token.to_string() == "impl") {
            self.left_out.extend(taken.iter().map(|(number, _)| (*number, NOT_IN_ONE_BUILD)));
        } else if !taken.is_empty() {
            let texts = taken.iter().map(|(number, m)| (*number, m.replacement.clone())).collect();
            self.edit(range.start..range.start, 0, Edit::Return(texts));
        }
        let name = signature.ident.to_string();
        if let Some(constness) = signature.constness
            && !self.constant.contains(&name)
        {
            self.edit(constness.span().byte_range(), 0, Edit::Remove);
            self.loosened.insert(name);
        }
    }
}

fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            has_let(&binary.left) || has_let(&binary.right)
        }
        _ => false,
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'a syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.function(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_expr_binary(&mut self, binary: &'a syn::ExprBinary) {
        let taken = self.take("BinaryOperator", binary.op.span().byte_range());
        if has_let(&binary.left) || has_let(&binary.right) {
            self.left_out.extend(taken.iter().map(|(number, _)| (*number, LET_CHAIN)));
        } else {
            let (left, right) = (self.text(&binary.left), self.text(&binary.right));
            let swap = |m: &Mutant| format!("({left}) {} ({right})", m.replacement);
            let texts = taken.iter().map(|(number, m)| (*number, swap(m))).collect();
            self.wrap(binary, 2, texts);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'a syn::ExprUnary) {
        let taken = self.take("UnaryOperator", unary.op.span().byte_range());
        let inner = self.text(&unary.expr);
        let texts = taken.iter().map(|(number, m)| (*number, format!("{} {inner}", m.replacement)));
        self.wrap(unary, 2, texts.collect());
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_struct(&mut self, literal: &'a syn::ExprStruct) {
        let whole = literal.span().byte_range();
        let mut texts = Vec::new();
        for field in literal.fields.pairs() {
            let range = field.span().byte_range();
            for (number, _) in self.take("StructField", range.clone()) {
                let before = &self.source[whole.start..range.start];
                let after = &self.source[range.end..whole.end];
                texts.push((number, format!("{before}{after}")));
            }
        }
        self.wrap(literal, 2, texts);
        visit::visit_expr_struct(self, literal);
    }

    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        let deleted = self.take("MatchArm", arm.span().byte_range());
        if let Some((_, guard)) = &arm.guard {
            let replaced = self.take("MatchArmGuard", guard.span().byte_range());
            let mut texts: Vec<_> =
                deleted.iter().map(|(number, _)| (*number, "false".to_owned())).collect();
            texts.extend(replaced.iter().map(|(number, m)| (*number, m.replacement.clone())));
            self.wrap(guard, 1, texts);
        } else if !deleted.is_empty() {
            let end = arm.pat.span().byte_range().end;
            self.edit(
                end..end,
                0,
                Edit::Guard(deleted.iter().map(|(number, _)| *number).collect()),
            );
        }
        visit::visit_arm(self, arm);
    }
}

struct Weaver<'a> {
    source: &'a str,
    edits: Vec<(Key, Edit)>,
    text: String,
    pieces: Vec<(Range<usize>, Vec<usize>)>,
}

impl Weaver<'_> {
    /// Writes a part of the source with these edits, all of which are in it.
    fn emit(&mut self, range: Range<usize>, mut edits: Range<usize>) {
        let mut done = range.start;
        while edits.start < edits.end {
            let Key { start, end: Reverse(end), .. } = self.edits[edits.start].0;
            self.text.push_str(&self.source[done..start]);
            let first = edits.start + 1;
            let inner =
                self.edits[first..edits.end].iter().take_while(|(key, _)| key.start < end).count();
            let edit = std::mem::replace(&mut self.edits[edits.start].1, Edit::Remove);
            self.apply(edit, start..end, first..first + inner);
            edits.start = first + inner;
            done = end;
        }
        self.text.push_str(&self.source[done..range.end]);
    }

    fn apply(&mut self, edit: Edit, range: Range<usize>, inner: Range<usize>) {
        let begin = self.text.len();
        let numbers = match edit {
            Edit::Remove => return,
            Edit::Guard(numbers) => {
                let asked: Vec<_> =
                    numbers.iter().map(|&number| format!("!{}", on(number))).collect();
                self.text.push_str(&format!("{ARM}{} ", asked.join(" && ")));
                numbers
            }
            Edit::Return(texts) => {
                for (number, text) in &texts {
                    self.switch(*number, &format!("return {text};"));
                    self.text.push(' ');
                }
                texts.into_iter().map(|(number, _)| number).collect()
            }
            Edit::Wrap(texts) => {
                self.text.push('(');
                for (number, text) in &texts {
                    self.switch(*number, text);
                    self.text.push_str(" else ");
                }
                self.text.push_str("{ ");
                self.emit(range, inner);
                self.text.push_str(" })");
                texts.into_iter().map(|(number, _)| number).collect()
            }
        };
        self.pieces.push((begin..self.text.len(), numbers));
    }

    fn switch(&mut self, number: usize, text: &str) {
        self.text.push_str(&format!("if {} {{ ", on(number)));
        let begin = self.text.len();
        self.text.push_str(text);
        self.pieces.push((begin..self.text.len(), vec![number]));
        self.text.push_str(" }");
    }
}

fn on(number: usize) -> String {
    format!("crate::mutants::on({number})")
}
