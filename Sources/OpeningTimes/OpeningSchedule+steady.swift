package import DirectoryModel

extension OpeningSchedule {
    /// The answer at a moment, and a span around it in which every moment has this very answer.
    ///
    /// The span lies within one local day, and is no promise that the next moment has another answer.
    ///
    /// - Complexity: that of `answer`, and a look at the day; where the last or the next change lies about as far
    ///   off as an answer looks, three times that.
    package func steadyAnswer(
        at moment: Timestamp, in context: OpeningContext
    ) -> (answer: OpeningAnswer, span: Range<Timestamp>) {
        let answer = answer(at: moment, in: context)
        let second = moment.secondsSince1970
        guard OpeningSchedule.isAnswerable(second) else { return (answer, moment..<moment) }
        let here = moment..<Timestamp(secondsSince1970: second + 1)
        var evaluator = evaluator(in: context)
        let steady = evaluator.segment(at: second).steady
        let span = context.zone.day(around: moment).clamped(
            to: Timestamp(
                secondsSince1970: steady.lowerBound)..<Timestamp(secondsSince1970: steady.upperBound))
        let last = span.upperBound.secondsSince1970 - 1
        guard OpeningSchedule.isAnswerable(span.lowerBound.secondsSince1970),
            OpeningSchedule.isAnswerable(last)
        else { return (answer, here) }
        // State, comment, day and holiday are the same in all of the span. How far an answer looks goes with the
        // moment: a later one may see a next change that an earlier one does not, and no longer the last one. What
        // its two ends see alike, all in between see.
        let reach = (
            ahead: Int64(OpeningSchedule.horizon) * 86_400, back: Int64(OpeningSchedule.hindsight) * 86_400
        )
        if let until = answer.until?.secondsSince1970, let since = answer.since?.secondsSince1970,
            until <= span.lowerBound.secondsSince1970 + reach.ahead, since >= last - reach.back
        {
            return (answer, span)
        }
        guard self.answer(at: span.lowerBound, in: context) == answer,
            self.answer(at: Timestamp(secondsSince1970: last), in: context) == answer
        else { return (answer, here) }
        return (answer, span)
    }
}
